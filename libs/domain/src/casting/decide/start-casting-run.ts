import { requireOwnsMetal } from '../../coil/rules.js'
import type { PlantFact } from '../../events.js'
import type { Given } from '../../given.js'
import type { LineState, PartnerState } from '../../plant/state.js'
import { Checks } from '../../refusal.js'
import type { CastingRun } from '../state.js'

export interface RunStart {
  readonly castingRun: string
  readonly alloy: string
}

/**
 * Starts a run on a caster, which is engaged from then on: of two starts at once, the second finds it so. Whether the
 * alloy is known is the caller's to see.
 */
export function startCastingRun(
  { castingRun, alloy }: RunStart,
  existing: CastingRun | undefined,
  line: LineState,
  owner: PartnerState,
  { occurredAt }: Given,
): PlantFact[] {
  const checks = new Checks()
  checks.require(
    existing === undefined,
    'casting-run-number-used',
    `the number ${castingRun} is taken by a casting run started at ${existing?.startedAt}`,
    { castingRun, startedAt: existing?.startedAt },
    '/castingRun',
  )
  checks.require(
    line.steps.includes('cast'),
    'line-cannot-do-step',
    `line ${line.line} cannot cast: it can ${line.steps.join(', ')}`,
    { line: line.line, step: 'cast', steps: line.steps },
    '/line',
  )
  checks.require(
    line.work === undefined,
    'line-busy',
    `line ${line.line} is busy with casting run ${line.work?.number}: finish that first`,
    { line: line.line, castingRun: line.work?.number },
    '/line',
  )
  requireOwnsMetal(checks, owner, '/owner')
  checks.done()
  return [
    {
      type: 'CastingRunStarted',
      data: { castingRun, line: line.line, alloy, owner: owner.partner, startedAt: occurredAt },
    },
    { type: 'LineEngaged', data: { line: line.line, by: 'casting-run', number: castingRun } },
  ]
}
