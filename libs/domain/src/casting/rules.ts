import type { Checks } from '../refusal.js'
import type { CastingRun } from './state.js'

/** Most that one run is: more is a slip of the finger, or several runs. */
export const MOST_MELTS = 200
export const MOST_COILS = 2000

/** A finished run is final. */
export function requireRunning(checks: Checks, { castingRun, finishedAt }: CastingRun): boolean {
  return checks.require(
    finishedAt === undefined,
    'casting-run-finished',
    `casting run ${castingRun} was finished at ${finishedAt}; a finished run is final`,
    { castingRun, finishedAt },
  )
}

/** Nothing of a run happens before it begins. */
export function requireAfterStart(checks: Checks, { castingRun, startedAt }: CastingRun, occurredAt: string): boolean {
  return checks.require(
    Date.parse(occurredAt) >= Date.parse(startedAt),
    'before-start',
    `casting run ${castingRun} was started at ${startedAt}: this cannot be before, at ${occurredAt}`,
    { castingRun, startedAt, occurredAt },
    '/occurredAt',
  )
}
