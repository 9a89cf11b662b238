import type { PlantFact } from '../../events.js'
import type { Given } from '../../given.js'
import { Checks, Refused, unknownThing } from '../../refusal.js'
import { reservedUntil } from '../reservations.js'
import { requireNotCancelled } from '../rules.js'
import type { SalesOrder } from '../state.js'

/** Coils that the order still has by this reservation. */
export const coilsReservedBy = (order: SalesOrder, reservation: string): string[] =>
  [...order.coils.values()].filter((coil) => coil.reservation === reservation).map(({ coil }) => coil)

/** Keeps coils aside for longer, or for less long. What is over stays over: it must be reserved anew. */
export function extendReservation(order: SalesOrder, reservation: string, until: string, { now }: Given): PlantFact[] {
  const coils = coilsReservedBy(order, reservation)
  if (coils.length === 0) throw new Refused([unknownThing('reservation', reservation)])
  const { line, until: previousUntil } = order.coils.get(coils[0]!)!
  const next = reservedUntil(until, now)
  const checks = new Checks()
  requireNotCancelled(checks, order)
  checks.require(
    Date.parse(previousUntil!) > now.getTime(),
    'reservation-over',
    `reservation ${reservation} was over at ${previousUntil}; reserve the coils anew`,
    { reservation, until: previousUntil },
  )
  checks.done()
  if (next === previousUntil) return []
  const { salesOrder } = order
  const change = { reservation, salesOrder, previousUntil: previousUntil!, until: next }
  return [
    { type: 'ReservationExtended', data: { ...change, line, coils } },
    ...coils.map((coil): PlantFact => ({ type: 'CoilReservationExtended', data: { ...change, coil } })),
  ]
}
