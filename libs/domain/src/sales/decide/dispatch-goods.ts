import { requireAtRest, requireEachOnce, requireNotHeld, requireNotRejected } from '../../coil/rules.js'
import type { Coil } from '../../coil/state.js'
import type { PlantFact } from '../../events.js'
import type { Given } from '../../given.js'
import { sumKg } from '../../mass.js'
import { taken } from '../../plant/placement.js'
import { Checks } from '../../refusal.js'
import { requireNotCancelled } from '../rules.js'
import type { DeliveryNote, SalesOrder } from '../state.js'

export interface Dispatching {
  readonly deliveryNote: string
  readonly carrier?: string
  readonly vehicle?: string
}

/** What is known beside the order and the coils. */
export interface DispatchedFrom {
  /** A note that has this number already. */
  readonly noteWithNumber?: DeliveryNote
  /** All coils that are, or were, in the packs of which these coils are. */
  readonly packMates: readonly Coil[]
}

const at = (i: number) => `/coils/${i}`

/** Rule 3: only what was sold on this order leaves for its customer, with a delivery note. */
export function dispatchGoods(
  order: SalesOrder,
  coils: readonly Coil[],
  { deliveryNote, carrier, vehicle }: Dispatching,
  { noteWithNumber, packMates }: DispatchedFrom,
  { actor }: Given,
): PlantFact[] {
  const { salesOrder, customer } = order
  const checks = new Checks()
  requireNotCancelled(checks, order)
  requireEachOnce(
    checks,
    coils.map(({ coil }) => coil),
    at,
  )
  coils.forEach((coil, i) => {
    requireSoldOn(checks, coil, salesOrder, at(i))
    requireAtRest(checks, coil, at(i))
    requireNotHeld(checks, coil, at(i))
    requireNotRejected(checks, coil, at(i))
  })
  requireWholePacks(checks, coils, packMates)
  checks.require(
    noteWithNumber === undefined,
    'delivery-note-number-used',
    `the number ${deliveryNote} is taken by a delivery note of order ${noteWithNumber?.salesOrder}`,
    { deliveryNote, salesOrder: noteWithNumber?.salesOrder },
    '/deliveryNote',
  )
  checks.done()

  const parcels = coils.map(({ coil, sale, netWeightKg: kg }) => ({ coil, line: sale!.line, kg }))
  const kg = sumKg(parcels.map((parcel) => parcel.kg))
  return [
    {
      type: 'DeliveryNoteIssued',
      data: {
        deliveryNote,
        salesOrder,
        customer,
        coils: parcels,
        kg,
        ...(carrier && { carrier }),
        ...(vehicle && { vehicle }),
        issuedBy: actor,
      },
    },
    { type: 'GoodsDispatched', data: { salesOrder, deliveryNote, coils: parcels, kg } },
    ...coils.flatMap(({ coil, netWeightKg, location }): PlantFact[] => [
      { type: 'CoilDispatched', data: { coil, salesOrder, deliveryNote, customer, netWeightKg, from: location! } },
      ...taken(coil, location),
    ]),
  ]
}

function requireSoldOn(checks: Checks, { coil, sale }: Coil, salesOrder: string, field: string): void {
  const words = sale ? `was sold on order ${sale.salesOrder}` : 'was not sold'
  checks.require(
    sale?.salesOrder === salesOrder,
    'coil-not-sold',
    `coil ${coil} ${words}; only what was sold on order ${salesOrder} leaves with it`,
    { coil, salesOrder, soldOn: sale?.salesOrder ?? null },
    field,
  )
}

/** A skid leaves as a whole, or is unpacked before. */
function requireWholePacks(checks: Checks, coils: readonly Coil[], packMates: readonly Coil[]): void {
  const leaving = new Set(coils.map(({ coil }) => coil))
  const packsLeaving = new Set(coils.filter((coil) => coil.physical === 'packed').map((coil) => coil.pack))
  const left = packMates.filter(
    (mate) => mate.physical === 'packed' && packsLeaving.has(mate.pack) && !leaving.has(mate.coil),
  )
  for (const [pack, mates] of Map.groupBy(left, (mate) => mate.pack)) {
    const numbers = mates.map(({ coil }) => coil)
    checks.add({
      rule: 'pack-incomplete',
      message: `pack ${pack} also holds ${numbers.join(', ')}: dispatch the whole pack, or unpack it`,
      values: { pack, coils: numbers },
      field: '/coils',
    })
  }
}
