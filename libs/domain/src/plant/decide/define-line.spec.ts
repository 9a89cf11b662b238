import fc from 'fast-check'
import { lines } from '#domain/plant/state'
import { lineDefined } from '#test/support/facts'
import { given, type World } from '#test/support/given'
import type { Line, Shift } from '../events.js'
import { defineLine } from './define-line.js'

const slitter = lineDefined().data
const define = (changed: Partial<Line> = {}) => {
  const line = { ...slitter, ...changed }
  return (world: World) => defineLine(line, world.find(lines, line.line))
}

describe('defining a line', () => {
  it('defines it, changes it, and says nothing when nothing is new', () => {
    given().when(define()).thenRecorded({ type: 'LineDefined', data: slitter })
    given(lineDefined()).when(define()).thenRecorded()
    given(lineDefined())
      .when(define({ tolerance: { kg: 5, percent: 0.1 } }))
      .thenRecorded({ type: 'LineChanged', data: { tolerance: { kg: 5, percent: 0.1 } } })
  })

  it('lets only a caster cast, and a caster do nothing else', () => {
    given()
      .when(define({ steps: ['slit', 'cast'] }))
      .thenRefusedBy('only-casters-cast')
    given()
      .when(define({ kind: 'caster', steps: ['cast', 'roll'] }))
      .thenRefusedBy('only-casters-cast')
    given()
      .when(define({ kind: 'caster', steps: ['cast'] }))
      .thenRecorded({ type: 'LineDefined' })
  })

  it('takes shifts round the clock, and refuses one that begins before the one before it ended, also past midnight', () => {
    const night = { name: 'night', startsAt: '18:00', hours: 12 }
    given()
      .when(define({ shifts: [{ name: 'all day', startsAt: '06:00', hours: 24 }] }))
      .thenRecorded({ type: 'LineDefined' })
    given()
      .when(define({ shifts: [{ name: 'early', startsAt: '05:59', hours: 4 }, night] }))
      .thenRefused('shifts-overlap', { shift: 'night', next: 'early' })
    given()
      .when(define({ shifts: [night, { name: 'day', startsAt: '06:00', hours: 12.5 }] }))
      .thenRefused('shifts-overlap', { shift: 'day', next: 'night' })
  })

  it('says at once that names and steps stand twice', () => {
    const shifts = [
      { name: 'day', startsAt: '06:00', hours: 8 },
      { name: 'day', startsAt: '14:00', hours: 8 },
    ]
    given()
      .when(define({ shifts, steps: ['slit', 'slit'] }))
      .thenRefusedBy('shift-named-twice', 'step-named-twice')
  })

  it('refuses shifts exactly when some minute of the day would belong to two', () => {
    const time = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 15, 30, 45))
    const shift = fc.tuple(time, fc.constantFrom(0.5, 1, 4, 7.75, 8, 12, 24)).map(
      ([[hour, minute], hours]): Omit<Shift, 'name'> => ({
        startsAt: `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`,
        hours,
      }),
    )
    fc.assert(
      fc.property(fc.array(shift, { minLength: 1, maxLength: 4 }), (drawn) => {
        const shifts = drawn.map((one, i) => ({ ...one, name: `shift ${i}` }))
        const worked = new Set<number>()
        let minutes = 0
        for (const { startsAt, hours } of shifts) {
          const [hour, minute] = startsAt.split(':').map(Number)
          for (let at = 0; at < hours * 60; at++) worked.add((hour! * 60 + minute! + at) % 1440)
          minutes += hours * 60
        }
        const outcome = given().when(define({ shifts }))
        if (worked.size === minutes) outcome.thenRecorded({ type: 'LineDefined' })
        else outcome.thenRefused('shifts-overlap')
      }),
    )
  })
})
