import { holdOf, inheritedHolds } from '../../coil/decide/hold-coil.js'
import { lineageOf } from '../../coil/family.js'
import { requireEachOnce } from '../../coil/rules.js'
import type { Coil } from '../../coil/state.js'
import type { PlantFact } from '../../events.js'
import type { Given } from '../../given.js'
import { requirePlausibleWeight } from '../../mass.js'
import { requireRoom, stored } from '../../plant/placement.js'
import type { LocationState } from '../../plant/state.js'
import { Checks } from '../../refusal.js'
import type { SalesOrder } from '../state.js'

export interface Returning {
  /** Each with its new weight, where it was weighed again; in the order of the coils. */
  readonly weighed: readonly (Reweighed | undefined)[]
  /** All that the coils were made from. */
  readonly madeFrom: readonly Coil[]
  /** The plant's company: in whose hands they are now. */
  readonly company: string
  readonly reason: string
}

export interface Reweighed {
  readonly netWeightKg: number
  readonly scale: string
  readonly confirmed: boolean
}

/**
 * Coils that left come back: in stock and free, on hold, their title with who sold them. Holds on what they were made
 * from could not reach them while they were away (rule 2).
 */
export function returnGoods(
  order: SalesOrder,
  coils: readonly Coil[],
  location: LocationState,
  { weighed, madeFrom, company, reason }: Returning,
  { commandId }: Given,
): PlantFact[] {
  const { salesOrder } = order
  const checks = new Checks()
  requireEachOnce(
    checks,
    coils.map(({ coil }) => coil),
    (i) => `/coils/${i}/coil`,
  )
  coils.forEach(({ coil, product }, i) => {
    checks.require(
      order.coils.get(coil)?.deliveryNote !== undefined,
      'coil-not-dispatched',
      `coil ${coil} is not among what left on order ${salesOrder}`,
      { coil, salesOrder },
      `/coils/${i}/coil`,
    )
    const again = weighed[i]
    if (again) {
      const field = `/coils/${i}/weighed/netWeightKg`
      requirePlausibleWeight(checks, product, again.netWeightKg, again.confirmed, field)
    }
  })
  requireRoom(checks, location, coils.length, '/to')
  checks.done()

  const parcels = coils.map(({ coil }) => {
    const { line, kg } = order.coils.get(coil)!
    return { coil, line, kg }
  })
  return [
    { type: 'GoodsReturned', data: { salesOrder, coils: parcels, reason } },
    ...coils.flatMap((coil, i): PlantFact[] => [
      {
        type: 'CoilReturned',
        data: { coil: coil.coil, salesOrder, netWeightKg: coil.netWeightKg, location: location.location, reason },
      },
      ...titleBack(coil, company, salesOrder),
      ...weighedAgain(coil, weighed[i]),
      { type: 'CoilHeld', data: { coil: coil.coil, hold: holdOf(commandId), reason } },
      ...inheritedHolds(coil.coil, lineageOf(coil, madeFrom)),
      stored(coil.coil, location.location),
    ]),
  ]
}

/** Only a delivered coil has changed hands. */
const titleBack = ({ coil, physical, owner, sale }: Coil, company: string, salesOrder: string): PlantFact[] =>
  physical !== 'delivered'
    ? []
    : [
        {
          type: 'TitleTransferred',
          data: { coil, from: owner, to: sale!.seller, holder: company, reason: `returned from order ${salesOrder}` },
        },
      ]

const weighedAgain = ({ coil, netWeightKg: before }: Coil, weighed: Reweighed | undefined): PlantFact[] =>
  weighed
    ? [
        {
          type: 'CoilWeighed',
          data: {
            coil,
            netWeightKg: weighed.netWeightKg,
            scale: weighed.scale,
            previousNetWeightKg: before,
            adjustmentKg: weighed.netWeightKg - before,
          },
        },
      ]
    : []
