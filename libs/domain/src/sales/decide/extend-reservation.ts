import type { PlantFact } from '../../events.js'
import type { Given } from '../../given.js'
import { Checks, Refused, unknownThing } from '../../refusal.js'
import { reservedUntil } from '../reservations.js'
import { lineOf, requireNotCancelled } from '../rules.js'
import type { SalesOrder } from '../state.js'

/** Coils that the order still has by this reservation. */
export const coilsReservedBy = (order: SalesOrder, reservation: string): string[] =>
  [...order.coils.values()].filter((coil) => coil.reservation === reservation).map(({ coil }) => coil)

export interface Extending {
  readonly line: number
  readonly reservation: string
  readonly until: string
}

/** Keeps coils aside for longer, or for less long. What is over stays over: it must be reserved anew. */
export function extendReservation(
  order: SalesOrder,
  { line, reservation, until }: Extending,
  { now }: Given,
): PlantFact[] {
  lineOf(order, line)
  const coils = coilsReservedBy(order, reservation)
  const known = order.coils.get(coils[0] ?? '')
  if (known?.line !== line) throw new Refused([unknownThing('reservation', reservation, '/reservation')])
  const previousUntil = known.until
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
