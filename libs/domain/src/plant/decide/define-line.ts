import type { PlantFact } from '../../events.js'
import { Checks } from '../../refusal.js'
import { saysAlready } from '../../same.js'
import type { Line, Shift } from '../events.js'
import type { LineState } from '../state.js'

const DAY = 24 * 60

/** Defines a line, or changes it: what it can do, how exact its balances must be, and when its shifts are. */
export function defineLine(line: Line, before: LineState | undefined): PlantFact[] {
  const checks = new Checks()
  requireShiftsApart(checks, line.shifts)
  for (const name of repeated(line.shifts.map((shift) => shift.name))) {
    checks.require(false, 'shift-named-twice', `two shifts are called ${name}`, { shift: name }, '/shifts')
  }
  for (const step of repeated(line.steps)) {
    checks.require(false, 'step-named-twice', `the step ${step} is named twice`, { step }, '/steps')
  }
  checks.require(
    line.steps.every((step) => (step === 'cast') === (line.kind === 'caster')),
    'only-casters-cast',
    line.kind === 'caster' ? 'a caster casts, and does nothing else' : `a ${line.kind} cannot cast`,
    { kind: line.kind, steps: line.steps },
    '/steps',
  )
  checks.done()
  if (!before) return [{ type: 'LineDefined', data: line }]
  return saysAlready(before, line) ? [] : [{ type: 'LineChanged', data: line }]
}

/** Every hour of output is one shift's: the clock goes round, and no shift begins before the one before it ended. */
function requireShiftsApart(checks: Checks, shifts: readonly Shift[]): void {
  const round = shifts
    .map((shift, i) => ({ ...shift, field: `/shifts/${i}`, start: minutes(shift.startsAt) }))
    .sort((a, b) => a.start - b.start)
  round.forEach((shift, i) => {
    const next = round[(i + 1) % round.length]!
    const nextStart = next.start + (i + 1 === round.length ? DAY : 0)
    checks.require(
      shift.start + shift.hours * 60 <= nextStart,
      'shifts-overlap',
      `the shift ${shift.name} begins at ${shift.startsAt} and lasts ${shift.hours} h, but ${next.name} begins at ${next.startsAt}`,
      { shift: shift.name, startsAt: shift.startsAt, hours: shift.hours, next: next.name, nextStartsAt: next.startsAt },
      shift.field,
    )
  })
}

function minutes(timeOfDay: string): number {
  const [hours, minutes] = timeOfDay.split(':').map(Number)
  return hours! * 60 + minutes!
}

const repeated = (names: readonly string[]): string[] => [
  ...new Set(names.filter((name, i) => names.indexOf(name) !== i)),
]
