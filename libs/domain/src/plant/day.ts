import type { Checks } from '../refusal.js'

/** Making one takes longer than a whole command; a plant has one time zone. */
const calendars = new Map<string, Intl.DateTimeFormat>()

/** The day in the plant's own time zone, `YYYY-MM-DD`. */
export function plantDay(instant: string | Date, timeZone: string): string {
  // Sweden writes dates as ISO 8601 does.
  const calendar = calendars.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone })
  calendars.set(timeZone, calendar)
  return calendar.format(new Date(instant))
}

/** Rule 9 for a day: nothing was produced tomorrow. `today` as `plantDay` gives it. */
export function requireProduced(checks: Checks, producedOn: string | undefined, today: string, field: string): void {
  checks.require(
    producedOn === undefined || producedOn <= today,
    'produced-in-the-future',
    `${producedOn} is still to come: it is ${today} in the plant`,
    { producedOn, today },
    field,
  )
}
