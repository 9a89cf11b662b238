import { LRUCache } from 'lru-cache'
import { DateTime } from 'luxon'
import type { Shift } from '#domain/plant/events'

/** One shift of one day: `[startsAt, endsAt)`, and the day that it belongs to, which is the day it began. */
export interface ShiftWindow {
  /** `YYYY-MM-DD` in the plant's time zone. */
  readonly day: string
  /** Name of the shift; NO_SHIFT between shifts. */
  readonly shift: string
  readonly startsAt: Date
  readonly endsAt: Date
}

/** Work outside every shift is still work: it belongs to its calendar day. */
export const NO_SHIFT = 'none'

/** A furnace may burn for weeks; whoever forgets to finish an order for a year is a slip, not a run. */
const MOST_WINDOWS = 400

/**
 * The shift that an instant falls into. Shifts are told in wall-clock time, so the night in which the clocks
 * change has an hour more or less, as it has for the people.
 */
export function shiftAt(instant: Date, shifts: readonly Shift[], timeZone: string): ShiftWindow {
  const { near, day, midnight, nextMidnight } = dayOf(instant, shifts, timeZone)
  const within = near.find((window) => window.startsAt <= instant && instant < window.endsAt)
  if (within) return within
  const edges = near.flatMap(({ startsAt, endsAt }) => [startsAt.getTime(), endsAt.getTime()])
  const at = instant.getTime()
  return {
    day,
    shift: NO_SHIFT,
    startsAt: new Date(Math.max(midnight, ...edges.filter((edge) => edge <= at))),
    endsAt: new Date(Math.min(nextMidnight, ...edges.filter((edge) => edge > at))),
  }
}

/** The run cut at the borders of shifts: pieces without gaps from start to finish. */
export function acrossShifts(
  startedAt: Date,
  finishedAt: Date,
  shifts: readonly Shift[],
  timeZone: string,
): ShiftWindow[] {
  const pieces: ShiftWindow[] = []
  let from = startedAt
  while (from < finishedAt && pieces.length < MOST_WINDOWS) {
    const window = shiftAt(from, shifts, timeZone)
    const to = window.endsAt < finishedAt ? window.endsAt : finishedAt
    pieces.push({ ...window, startsAt: from, endsAt: to })
    from = to
  }
  return pieces
}

/** A day of the calendar, and the shifts that may reach into it. */
interface Day {
  readonly day: string
  readonly midnight: number
  readonly nextMidnight: number
  readonly near: readonly ShiftWindow[]
}

/** The clocks of all time zones differ by whole quarters of an hour: no day begins within one. */
const QUARTER_MS = 15 * 60_000
/**
 * Time zones are slow to ask, and a plant's facts are of the same days again and again. Measured: without this, a
 * rebuild spent three quarters of its time here.
 */
const days = new LRUCache<string, Day>({ max: 5_000 })

function dayOf(instant: Date, shifts: readonly Shift[], timeZone: string): Day {
  const calendar = `${timeZone} ${JSON.stringify(shifts)}`
  const quarter = `${calendar} ${Math.floor(instant.getTime() / QUARTER_MS)}`
  const known = days.get(quarter)
  if (known) return known
  const today = DateTime.fromJSDate(instant, { zone: timeZone }).startOf('day')
  const date = `${calendar} ${today.toISODate()}`
  const day = days.get(date) ?? {
    day: today.toISODate()!,
    midnight: today.toMillis(),
    nextMidnight: today.plus({ days: 1 }).toMillis(),
    near: [-1, 0, 1].flatMap((days) => shifts.map((shift) => windowOf(shift, today.plus({ days })))),
  }
  days.set(date, day)
  days.set(quarter, day)
  return day
}

function windowOf(shift: Shift, day: DateTime<boolean>): ShiftWindow {
  const [hour, minute] = shift.startsAt.split(':').map(Number)
  const begins = day.set({ hour, minute })
  const endMinute = hour! * 60 + minute! + Math.round(shift.hours * 60)
  const ends = wallClock(day, endMinute)
  return { day: day.toISODate()!, shift: shift.name, startsAt: begins.toJSDate(), endsAt: ends.toJSDate() }
}

/** Minutes after a day's midnight by the clock on the wall, past the next midnight too. */
function wallClock(day: DateTime<boolean>, minutes: number): DateTime<boolean> {
  const inDay = minutes % 1440
  return day.plus({ days: Math.floor(minutes / 1440) }).set({ hour: Math.floor(inDay / 60), minute: inDay % 60 })
}
