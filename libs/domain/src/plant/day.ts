import type { Checks } from '../refusal.js'

/** The day in the plant's own time zone, `YYYY-MM-DD`. */
export const plantDay = (instant: string | Date, timeZone: string): string =>
  // Sweden writes dates as ISO 8601 does.
  new Intl.DateTimeFormat('sv-SE', { timeZone }).format(new Date(instant))

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
