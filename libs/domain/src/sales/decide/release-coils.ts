import { requireEachOnce } from '../../coil/rules.js'
import type { PlantFact } from '../../events.js'
import { Checks, Refused, unknownThing } from '../../refusal.js'
import { lineOf } from '../rules.js'
import type { CoilOnOrder, SalesOrder } from '../state.js'
import { coilsReservedBy } from './extend-reservation.js'

/** Either a whole reservation, or some coils, of one line. */
export interface Releasing {
  readonly line: number
  readonly reservation?: string
  readonly coils?: readonly string[]
  readonly reason: string
}

/** The coils that a release is about, as far as the order knows. */
export const coilsToRelease = (order: SalesOrder, { reservation, coils = [] }: Releasing): string[] =>
  reservation === undefined ? [...coils] : coilsReservedBy(order, reservation)

/** Lets reserved coils go. Also when their time is over: whoever says so first, it is over. */
export function releaseCoils(order: SalesOrder, releasing: Releasing): PlantFact[] {
  const { line, reservation, reason } = releasing
  lineOf(order, line)
  const coils = coilsToRelease(order, releasing)
  const ofLine = coils.filter((coil) => order.coils.get(coil)?.line === line)
  if (reservation !== undefined && ofLine.length === 0) {
    throw new Refused([unknownThing('reservation', reservation, '/reservation')])
  }
  const checks = new Checks()
  requireEachOnce(checks, coils, (i) => `/coils/${i}`)
  coils.forEach((coil, i) => {
    const known = order.coils.get(coil)
    checks.require(
      known?.line === line && known.stage === 'reserved',
      'coil-not-reserved',
      `coil ${coil} is not reserved for line ${line} of order ${order.salesOrder}`,
      { coil, salesOrder: order.salesOrder, line },
      `/coils/${i}`,
    )
  })
  checks.done()
  return released(
    order,
    coils.map((coil) => order.coils.get(coil)!),
    reason,
  )
}

/** Ends reservations, on the order's history and on each coil's. */
export function released({ salesOrder }: SalesOrder, coils: readonly CoilOnOrder[], reason: string): PlantFact[] {
  return [...Map.groupBy(coils, (coil) => coil.reservation!)].flatMap(([reservation, together]): PlantFact[] => [
    {
      type: 'ReservationReleased',
      data: {
        salesOrder,
        line: together[0]!.line,
        reservation,
        coils: together.map(({ coil }) => coil),
        reason,
      },
    },
    ...together.map(
      ({ coil }): PlantFact => ({ type: 'CoilReservationReleased', data: { coil, reservation, salesOrder, reason } }),
    ),
  ])
}
