import { requireFourEyes } from '../../approval/four-eyes.js'
import type { Coil } from '../../coil/state.js'
import type { PlantFact } from '../../events.js'
import type { Given } from '../../given.js'
import { massBalance, requireBalance, sumKg, toleranceKg } from '../../mass.js'
import type { LineState } from '../../plant/state.js'
import { Checks } from '../../refusal.js'
import type { MassBalance, OverrideAsked } from '../../words.js'
import { drawnFrom } from '../melt-shares.js'
import { requireAfterStart, requireRunning } from '../rules.js'
import type { CastingRun } from '../state.js'

export interface RunEnd {
  readonly scrapKg: number
  readonly lossKg: number
  readonly override?: OverrideAsked
}

/**
 * Ends a run and frees its line. Rule 5: its melts and coils, scrap and loss balance, and no melt gave more than it
 * weighed, both within what the line may be off. `coils`: those of the run, whose cast weights may have been corrected.
 */
export function finishCastingRun(
  run: CastingRun,
  line: LineState,
  coils: readonly Coil[],
  { scrapKg, lossKg, override }: RunEnd,
  given: Given,
): PlantFact[] {
  const { castingRun, alloy, owner } = run
  const checks = new Checks()
  requireRunning(checks, run)
  // Of a finished run, nothing else matters.
  checks.done()
  requireAfterStart(checks, run, given.occurredAt)
  const corrected = new Map(coils.map(({ coil, cast }) => [coil, cast?.kg]))
  const cast = run.coils.map(({ coil, kg }) => ({ coil, kg: corrected.get(coil) ?? kg }))
  const castKg = new Map(cast.map(({ coil, kg }) => [coil, kg]))
  const balance = massBalance(
    sumKg(run.melts.map((melt) => melt.kg)),
    sumKg(cast.map((coil) => coil.kg)),
    scrapKg,
    lossKg,
  )
  requireBalance(checks, balance, line.tolerance, override)
  if (!override)
    requireMeltsNotOverdrawn(
      checks,
      run,
      line,
      drawnFrom(run, (coil) => castKg.get(coil)!),
    )
  checks.done()
  const engaged = line.work?.number === castingRun
  return [
    {
      type: 'CastingRunFinished',
      data: {
        castingRun,
        line: line.line,
        alloy,
        owner,
        coils: cast,
        melts: [...run.melts],
        balance,
        toleranceKg: toleranceKg(line.tolerance, balance.inKg),
        ...(override && { override: agreed(run, override, balance, given) }),
        startedAt: run.startedAt,
        finishedAt: given.occurredAt,
      },
    },
    ...(engaged
      ? [{ type: 'LineFreed', data: { line: line.line, by: 'casting-run', number: castingRun } } satisfies PlantFact]
      : []),
  ]
}

const agreed = (
  { castingRun }: CastingRun,
  { reason }: OverrideAsked,
  { differenceKg }: MassBalance,
  given: Given,
) => ({
  reason,
  ...requireFourEyes(given, `Finish casting run ${castingRun} with ${differenceKg} kg unexplained`, reason),
})

function requireMeltsNotOverdrawn(
  checks: Checks,
  run: CastingRun,
  line: LineState,
  drawn: ReadonlyMap<string, number>,
): void {
  for (const { castNumber, kg } of run.melts) {
    const drawnKg = drawn.get(castNumber) ?? 0
    const allowedKg = toleranceKg(line.tolerance, kg)
    checks.require(
      drawnKg <= kg + allowedKg,
      'melt-overdrawn',
      `${drawnKg} kg of coils are said to be of melt ${castNumber}, which weighed ${kg} kg, ${allowedKg} kg allowed; ` +
        'correct the weights, or override with a reason, to which a second person must agree',
      { castNumber, drawnKg, netWeightKg: kg, toleranceKg: allowedKg },
    )
  }
}
