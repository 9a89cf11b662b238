import type { PlantFact } from '../../events.js'
import type { Given } from '../../given.js'
import type { Melt } from '../../melt/state.js'
import { Checks } from '../../refusal.js'
import { MOST_MELTS, requireAfterStart, requireRunning } from '../rules.js'
import type { CastingRun } from '../state.js'

export interface Charge {
  readonly castNumber: string
  /** Of a new furnace melt; of a remelt it is known. */
  readonly netWeightKg?: number
  readonly furnace?: string
}

/**
 * A melt goes into a run: a new one from the furnace, or one that coils were remelted into. A melt is charged once, and
 * is of the run's owner and alloy (rule 7). `existing` is what is known under the cast number.
 */
export function chargeMelt(run: CastingRun, told: Charge, existing: Melt | undefined, given: Given): PlantFact[] {
  const { castingRun, alloy, owner } = run
  const { castNumber, netWeightKg, furnace } = told
  const checks = new Checks()
  requireRunning(checks, run)
  requireAfterStart(checks, run, given.occurredAt)
  checks.require(
    run.melts.length < MOST_MELTS,
    'too-many-melts',
    `casting run ${castingRun} has ${MOST_MELTS} melts already: finish it, and start another`,
    { castingRun, melts: run.melts.length },
  )
  if (existing) requireRemelt(checks, run, told, existing)
  const kg = netWeightKg ?? existing?.netWeightKg
  checks.require(
    kg !== undefined,
    'weight-missing',
    `melt ${castNumber} is new: what does it weigh?`,
    { castNumber },
    '/netWeightKg',
  )
  checks.done()
  const recorded: PlantFact = {
    type: 'MeltRecorded',
    data: { castNumber, alloy, owner, origin: 'furnace', netWeightKg: kg!, ...(furnace && { furnace }), from: [] },
  }
  return [
    { type: 'MeltAddedToRun', data: { castingRun, castNumber, netWeightKg: kg! } },
    ...(existing ? [] : [recorded]),
    { type: 'MeltCharged', data: { castNumber, castingRun } },
  ]
}

function requireRemelt(checks: Checks, run: CastingRun, { netWeightKg }: Charge, melt: Melt): void {
  const { castNumber } = melt
  const field = '/castNumber'
  checks.require(
    melt.origin !== 'supplier',
    'melt-of-supplier',
    `melt ${castNumber} was cast at a supplier's: its metal came as coils`,
    { castNumber },
    field,
  )
  checks.require(
    melt.castingRun === undefined,
    'melt-charged-already',
    `melt ${castNumber} went into casting run ${melt.castingRun}`,
    { castNumber, castingRun: melt.castingRun },
    field,
  )
  checks.require(
    melt.alloy === run.alloy,
    'melt-alloy-differs',
    `melt ${castNumber} is of ${melt.alloy}, casting run ${run.castingRun} casts ${run.alloy}`,
    { castNumber, alloy: melt.alloy, runs: run.alloy },
    field,
  )
  checks.require(
    melt.owner === run.owner,
    'melt-owner-differs',
    `melt ${castNumber} is owned by ${melt.owner}, casting run ${run.castingRun} casts for ${run.owner}`,
    { castNumber, owner: melt.owner, runs: run.owner },
    field,
  )
  checks.require(
    netWeightKg === undefined || melt.netWeightKg === undefined || netWeightKg === melt.netWeightKg,
    'melt-weight-differs',
    `melt ${castNumber} is recorded with ${melt.netWeightKg} kg`,
    { castNumber, netWeightKg: melt.netWeightKg },
    '/netWeightKg',
  )
}
