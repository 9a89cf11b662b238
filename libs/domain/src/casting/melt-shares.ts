import type { Known } from '../known.js'
import { shareOut, sumKg } from '../mass.js'
import { melts } from '../melt/state.js'
import type { Checks } from '../refusal.js'
import type { MeltShare } from '../words.js'
import type { CastingRun } from './state.js'

/** Which melts a cast coil is of, in whole kg. */

interface OfMelts {
  readonly coil: string
  readonly netWeightKg: number
  readonly melts?: readonly MeltShare[]
}

/** As told, or all of it from the run's only melt. */
export const sharesOf = (run: CastingRun, { melts, netWeightKg }: OfMelts): MeltShare[] =>
  melts ? [...melts] : run.melts.slice(0, 1).map(({ castNumber }) => ({ castNumber, kg: netWeightKg }))

/**
 * Rule 4: every coil's ancestry ends in a melt. Its melts are of the run, each named once, and sum to its weight; and no
 * metal is cast before somebody knows what it is made of.
 */
export function requireShares(checks: Checks, run: CastingRun, coil: OfMelts, known: Known, at: string): void {
  if (coil.melts === undefined && run.melts.length !== 1) {
    checks.add({
      rule: 'melts-missing',
      message:
        run.melts.length === 0
          ? `no melt was charged to casting run ${run.castingRun} yet`
          : `casting run ${run.castingRun} has ${run.melts.length} melts: say how many kg of each are in coil ${coil.coil}`,
      values: { castingRun: run.castingRun, coil: coil.coil, melts: run.melts.map((melt) => melt.castNumber) },
      field: `${at}/melts`,
    })
    return
  }
  const shares = sharesOf(run, coil)
  const sum = sumKg(shares.map((share) => share.kg))
  checks.require(
    sum === coil.netWeightKg,
    'melts-do-not-sum',
    `the melts of coil ${coil.coil} sum to ${sum} kg, but it weighs ${coil.netWeightKg} kg`,
    { coil: coil.coil, sum, netWeightKg: coil.netWeightKg },
    `${at}/melts`,
  )
  shares.forEach(({ castNumber }, i) => {
    const field = coil.melts ? `${at}/melts/${i}/castNumber` : `${at}/melts`
    checks.require(
      shares.findIndex((other) => other.castNumber === castNumber) === i,
      'melt-named-twice',
      `melt ${castNumber} is named more than once`,
      { castNumber },
      field,
    )
    const inRun = checks.require(
      run.melts.some((melt) => melt.castNumber === castNumber),
      'melt-not-in-run',
      `melt ${castNumber} was not charged to casting run ${run.castingRun}`,
      { castNumber, castingRun: run.castingRun },
      field,
    )
    if (inRun) {
      checks.require(
        known.find(melts, castNumber)?.castable ?? false,
        'melt-not-analysed',
        `melt ${castNumber} has no analysis within the limits of ${run.alloy}, and none was accepted`,
        { castNumber, alloy: run.alloy },
        field,
      )
    }
  })
}

/** Kg drawn from each melt of a run, by cast number; coils whose cast weight was corrected count with the right one. */
export function drawnFrom(run: CastingRun, castKgOf: (coil: string) => number): ReadonlyMap<string, number> {
  const drawn = new Map(run.melts.map((melt) => [melt.castNumber, 0]))
  for (const { coil, melts: shares } of run.coils) {
    const kgs = shareOut(
      castKgOf(coil),
      shares.map((share) => share.kg),
    )
    shares.forEach(({ castNumber }, i) => {
      drawn.set(castNumber, (drawn.get(castNumber) ?? 0) + kgs[i]!)
    })
  }
  return drawn
}
