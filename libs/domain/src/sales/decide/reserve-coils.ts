import { requireEachOnce, requireFree } from '../../coil/rules.js'
import type { Coil } from '../../coil/state.js'
import type { PlantFact } from '../../events.js'
import type { Given } from '../../given.js'
import { numberFrom } from '../../ids.js'
import { Checks } from '../../refusal.js'
import { requireMandate, type Sellers } from '../mandate.js'
import { matches } from '../matches.js'
import { expired, reservedUntil } from '../reservations.js'
import {
  lineOf,
  overDelivery,
  requireMatch,
  requireNotCancelled,
  requireNotTooMuch,
  requirePromisable,
} from '../rules.js'
import type { SalesOrder } from '../state.js'

export interface Reserving {
  readonly line: number
  /** Seven days from now, if left out. */
  readonly until?: string
  readonly deviation?: { readonly reason: string }
}

const at = (i: number) => `/coils/${i}`

/**
 * Puts coils aside for a line of an order: all of them, or none. Orders whose reservations on them are over lose them
 * now (`ordersThatLapsed`), in the same decision.
 */
export function reserveCoils(
  order: SalesOrder,
  coils: readonly Coil[],
  { line: number, until: asked, deviation }: Reserving,
  sellers: Sellers,
  { now, occurredAt, commandId }: Given,
): PlantFact[] {
  const line = lineOf(order, number)
  const until = reservedUntil(asked, now)
  const why = deviation?.reason
  const checks = new Checks()
  requireNotCancelled(checks, order)
  requireEachOnce(
    checks,
    coils.map(({ coil }) => coil),
    at,
  )
  coils.forEach((coil, i) => {
    requirePromisable(checks, coil, at(i))
    requireFree(checks, coil, now, at(i))
    requireMatch(checks, coil, line, why, at(i))
    requireMandate(checks, coil, sellers, occurredAt, at(i))
  })
  requireNotTooMuch(checks, order, line, coils, why, now)
  checks.done()

  const { salesOrder, customer } = order
  const reservation = numberFrom('R', `${salesOrder} ${commandId}`)
  const deviating = coils.filter(({ product }) => !matches(line.specification, product))
  const explained = deviating.length > 0 || overDelivery(order, line, coils, now).over
  return [
    ...expired(coils, now),
    {
      type: 'CoilsReserved',
      data: {
        salesOrder,
        line: number,
        reservation,
        coils: coils.map(({ coil, netWeightKg: kg }) => ({ coil, kg })),
        until,
        ...(explained && { deviation: why }),
      },
    },
    ...coils.map(
      (coil): PlantFact => ({
        type: 'CoilReserved',
        data: {
          coil: coil.coil,
          reservation,
          salesOrder,
          line: number,
          customer,
          until,
          ...(deviating.includes(coil) && { deviation: why }),
        },
      }),
    ),
  ]
}
