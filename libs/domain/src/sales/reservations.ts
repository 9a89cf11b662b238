import type { Coil } from '../coil/state.js'
import type { PlantFact } from '../events.js'
import { refuse } from '../refusal.js'

export const USUAL_RESERVATION_DAYS = 7
export const LONGEST_RESERVATION_DAYS = 90
const DAY_MS = 86_400_000

/** The end of a reservation made now, ISO 8601 in UTC. @throws Refused when it is over already, or too far off. */
export function reservedUntil(asked: string | undefined, now: Date): string {
  const until = asked === undefined ? now.getTime() + USUAL_RESERVATION_DAYS * DAY_MS : Date.parse(asked)
  const instant = new Date(until).toISOString()
  if (until <= now.getTime()) {
    refuse('reservation-in-the-past', `a reservation until ${instant} is over already`, { until: instant }, '/until')
  }
  if (until > now.getTime() + LONGEST_RESERVATION_DAYS * DAY_MS) {
    refuse(
      'reservation-too-long',
      `coils are reserved for ${LONGEST_RESERVATION_DAYS} days at most, and can be extended then`,
      { until: instant, days: LONGEST_RESERVATION_DAYS },
      '/until',
    )
  }
  return instant
}

/** Reserved once, and its time is over, but nothing was recorded of that yet. */
export const hasLapsed = ({ reservation }: Coil, now: Date): boolean =>
  reservation !== undefined && Date.parse(reservation.until) <= now.getTime()

/** Orders other than this one that still count on these coils, though their reservation is over. */
export const ordersThatLapsed = (coils: readonly Coil[], salesOrder: string, now: Date): string[] => [
  ...new Set(
    coils
      .filter((coil) => hasLapsed(coil, now))
      .map((coil) => coil.reservation!.salesOrder)
      .filter((order) => order !== salesOrder),
  ),
]

/** Records the end of reservations that are over, before anything else is done with the coils: on both histories. */
export function expired(coils: readonly Coil[], now: Date): PlantFact[] {
  const lapsed = coils.filter((coil) => hasLapsed(coil, now))
  const byReservation = Map.groupBy(
    lapsed,
    ({ reservation }) => `${reservation!.salesOrder} ${reservation!.reservation}`,
  )
  return [...byReservation.values()].flatMap((together): PlantFact[] => {
    const { salesOrder, line, reservation, until } = together[0]!.reservation!
    const numbers = together.map(({ coil }) => coil)
    return [
      { type: 'ReservationExpired', data: { salesOrder, line, reservation, coils: numbers, until } },
      ...numbers.map(
        (coil): PlantFact => ({ type: 'CoilReservationExpired', data: { coil, reservation, salesOrder, until } }),
      ),
    ]
  })
}
