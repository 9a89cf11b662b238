import fc from 'fast-check'
import type { Shift } from '#domain/plant/events'
import { acrossShifts, NO_SHIFT, shiftAt } from './shift-calendar.js'

const BUCHAREST = 'Europe/Bucharest'
const dayAndNight: Shift[] = [
  { name: 'day', startsAt: '06:00', hours: 12 },
  { name: 'night', startsAt: '18:00', hours: 12 },
]
const hours = (from: Date, to: Date) => (to.getTime() - from.getTime()) / 3_600_000

describe('the shift calendar', () => {
  it('counts the small hours to the night shift of the day before', () => {
    const window = shiftAt(new Date('2026-11-10T02:30:00+02:00'), dayAndNight, BUCHAREST)
    expect(window).toMatchObject({ day: '2026-11-09', shift: 'night' })
    expect(hours(window.startsAt, window.endsAt)).toBe(12)
  })

  it('begins a shift on the minute, and the shift before has ended then', () => {
    expect(shiftAt(new Date('2026-11-10T06:00:00+02:00'), dayAndNight, BUCHAREST)).toMatchObject({
      day: '2026-11-10',
      shift: 'day',
    })
    expect(shiftAt(new Date('2026-11-10T05:59:59+02:00'), dayAndNight, BUCHAREST)).toMatchObject({
      day: '2026-11-09',
      shift: 'night',
    })
  })

  it('gives the night in which clocks go back thirteen hours, and the one in which they go forward eleven', () => {
    const autumn = shiftAt(new Date('2026-10-25T01:00:00+03:00'), dayAndNight, BUCHAREST)
    expect(hours(autumn.startsAt, autumn.endsAt)).toBe(13)
    const spring = shiftAt(new Date('2026-03-29T01:00:00+02:00'), dayAndNight, BUCHAREST)
    expect(hours(spring.startsAt, spring.endsAt)).toBe(11)
  })

  it('counts work between shifts to its calendar day', () => {
    const early: Shift[] = [{ name: 'early', startsAt: '06:00', hours: 8 }]
    expect(shiftAt(new Date('2026-11-10T20:00:00+02:00'), early, BUCHAREST)).toEqual({
      day: '2026-11-10',
      shift: NO_SHIFT,
      startsAt: new Date('2026-11-10T14:00:00+02:00'),
      endsAt: new Date('2026-11-11T00:00:00+02:00'),
    })
  })

  it('cuts any run into pieces that follow each other and sum to it, each within one shift', () => {
    const year = { min: new Date('2026-01-01T00:00:00Z'), max: new Date('2026-12-31T00:00:00Z'), noInvalidDate: true }
    fc.assert(
      fc.property(
        fc.date(year),
        fc.integer({ min: 1, max: 20 * 86_400_000 }),
        fc.constantFrom(BUCHAREST, 'Asia/Baku', 'UTC', 'America/St_Johns'),
        fc.constantFrom(dayAndNight, dayAndNight.slice(0, 1), []),
        (from, milliseconds, timeZone, shifts) => {
          const to = new Date(from.getTime() + milliseconds)
          const pieces = acrossShifts(from, to, shifts, timeZone)
          expect(pieces[0]!.startsAt).toEqual(from)
          expect(pieces.at(-1)!.endsAt).toEqual(to)
          pieces.forEach((piece, i) => {
            expect(piece.endsAt.getTime()).toBeGreaterThan(piece.startsAt.getTime())
            if (i > 0) expect(piece.startsAt).toEqual(pieces[i - 1]!.endsAt)
            const last = new Date(piece.endsAt.getTime() - 1)
            expect(shiftAt(last, shifts, timeZone)).toMatchObject({ day: piece.day, shift: piece.shift })
          })
        },
      ),
    )
  })
})
