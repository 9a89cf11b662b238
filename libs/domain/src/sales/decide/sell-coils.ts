import { requireEachOnce, requireFree } from '../../coil/rules.js'
import type { Coil } from '../../coil/state.js'
import type { PlantFact } from '../../events.js'
import type { Given } from '../../given.js'
import { Checks } from '../../refusal.js'
import { mandateFor, requireMandate, type Sellers } from '../mandate.js'
import { matches } from '../matches.js'
import { expired } from '../reservations.js'
import {
  isReservedFor,
  lineOf,
  overDelivery,
  requireMatch,
  requireNotCancelled,
  requireNotTooMuch,
  requirePromisable,
} from '../rules.js'
import type { SalesOrder } from '../state.js'

export interface Selling {
  readonly line: number
  readonly deviation?: { readonly reason: string }
}

const at = (i: number) => `/coils/${i}`

/**
 * Rule 3: sells coils that are free, or reserved for this very line; all of them, or none, and each once.
 * A deviation that was accepted when a coil was reserved need not be explained again.
 */
export function sellCoils(
  order: SalesOrder,
  coils: readonly Coil[],
  { line: number, deviation }: Selling,
  sellers: Sellers,
  { now, occurredAt }: Given,
): PlantFact[] {
  const line = lineOf(order, number)
  const { salesOrder, customer } = order
  const why = deviation?.reason
  const whyOf = (coil: Coil) =>
    why ?? (isReservedFor(coil, { salesOrder, line: number }) ? coil.reservation?.deviation : undefined)
  const checks = new Checks()
  requireNotCancelled(checks, order)
  requireEachOnce(
    checks,
    coils.map(({ coil }) => coil),
    at,
  )
  coils.forEach((coil, i) => {
    requirePromisable(checks, coil, at(i))
    if (!isReservedFor(coil, { salesOrder, line: number })) requireFree(checks, coil, now, at(i))
    requireMatch(checks, coil, line, whyOf(coil), at(i))
    requireMandate(checks, coil, sellers, occurredAt, at(i))
  })
  requireNotTooMuch(checks, order, line, coils, why, now)
  checks.done()

  const deviates = (coil: Coil) => !matches(line.specification, coil.product)
  const explained = why !== undefined && (coils.some(deviates) || overDelivery(order, line, coils, now).over)
  return [
    ...expired(coils, now),
    {
      type: 'CoilsSold',
      data: {
        salesOrder,
        line: number,
        coils: coils.map(({ coil, netWeightKg: kg }) => ({ coil, kg })),
        ...(explained && { deviation: why }),
      },
    },
    ...coils.map((coil): PlantFact => {
      const mandate = mandateFor(coil, sellers, occurredAt)
      return {
        type: 'CoilSold',
        data: {
          coil: coil.coil,
          salesOrder,
          line: number,
          customer,
          owner: coil.owner,
          ...(mandate !== undefined && { mandate }),
          netWeightKg: coil.netWeightKg,
          ...(deviates(coil) && { deviation: whyOf(coil) }),
        },
      }
    }),
  ]
}
