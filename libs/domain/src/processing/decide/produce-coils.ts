import { inheritedHolds } from '../../coil/decide/hold-coil.js'
import type { PlantFact } from '../../events.js'
import type { Known } from '../../known.js'
import { sumKg, toleranceKg } from '../../mass.js'
import { stored } from '../../plant/placement.js'
import type { Checks } from '../../refusal.js'
import type { Share } from '../../words.js'
import { handedOver } from '../agreement.js'
import { bookMissing, shareMothers } from '../booking.js'
import type { Completion } from '../completion.js'
import { originsOf } from '../origins.js'
import { checkOutputs, type Output } from '../outputs.js'
import { type Made, onRun, type Run } from '../run.js'

/** A coil that was made, and the kg that each mother gave. */
interface Shared extends Output {
  readonly from: readonly Share[]
}

/** Coils are consumed, new ones made of them: all steps but anneal, homogenise and remelt. */
export function produceCoils(checks: Checks, run: Run, told: Completion, known: Known): Made {
  checks.require(
    told.outputs.length > 0 || told.scrapKg + told.lossKg > 0,
    'nothing-produced',
    `nothing came out of order ${run.order.processOrder}: abort it, so that its coils go back to stock`,
    { processOrder: run.order.processOrder },
    '/outputs',
  )
  const outputs = checkOutputs(checks, run, originsOf(checks, run, told.outputs), known, told.trimMm)
  const shared = withShares(run, outputs)
  requireTitleWhole(checks, shared)
  // Where an output's mothers are not known, nobody can say what the others gave too much.
  if (outputs.length === told.outputs.length) requireNotOverdrawn(checks, run, shared, told)
  return {
    outKg: sumKg(told.outputs.map((output) => output.netWeightKg)),
    chargedKg: 0,
    outputs: outputs.map(({ told: { coil, netWeightKg: kg, remnant = false }, owner, product }) => ({
      coil,
      kg,
      owner,
      product,
      remnant,
    })),
    coming: told.outputs.map(({ location }, i) => ({ location, field: `/outputs/${i}/location` })),
    facts: () => [...consumed(run, shared, told), ...shared.flatMap((output) => produced(run, output))],
  }
}

function withShares({ mothers }: Run, outputs: readonly Output[]): Shared[] {
  const kgOf = new Map(mothers.map((mother) => [mother.coil, mother.netWeightKg]))
  const shares = shareMothers(
    outputs.map(({ told, mothers }) => ({
      kg: told.netWeightKg,
      from: told.from ?? mothers.map(({ coil }) => ({ coil })),
    })),
    kgOf,
  )
  return outputs.map((output, i) => ({ ...output, from: shares[i]! }))
}

/** What each mother gave: to which child, how many kg. */
function gifts(outputs: readonly Shared[]): Map<string, { coil: string; kg: number; owner: string }[]> {
  const given = outputs.flatMap(({ told, owner, from }) =>
    from.map(({ coil: mother, kg }) => ({ mother, coil: told.coil, kg, owner })),
  )
  return Map.groupBy(given, (one) => one.mother)
}

/** Rule 5 for each mother of several: none gives more than it weighs, but for what the line may be off. */
function requireNotOverdrawn(
  checks: Checks,
  { line, mothers }: Run,
  outputs: readonly Shared[],
  told: Completion,
): void {
  if (mothers.length === 1 || told.override) return
  const given = gifts(outputs)
  for (const { coil, netWeightKg } of mothers) {
    const gaveKg = sumKg((given.get(coil) ?? []).map((gift) => gift.kg))
    const allowedKg = toleranceKg(line.tolerance, netWeightKg) + told.coatingKg
    checks.require(
      gaveKg <= netWeightKg + allowedKg,
      'mother-overdrawn',
      `${gaveKg} kg are said to be from ${coil}, which weighs ${netWeightKg} kg`,
      { coil, netWeightKg, gaveKg, toleranceKg: allowedKg },
      '/outputs',
    )
  }
}

/** Title goes over with a whole coil: what is made of one mother cannot end up with two owners. */
function requireTitleWhole(checks: Checks, outputs: readonly Shared[]): void {
  for (const [mother, given] of gifts(outputs)) {
    const owners = [...new Set(given.map((gift) => gift.owner))]
    checks.require(
      owners.length < 2,
      'title-divided',
      `coils made of ${mother} are given to ${owners.join(' and ')}: title goes over with a whole coil`,
      { coil: mother, owners },
      '/outputs',
    )
  }
}

function consumed(run: Run, outputs: readonly Shared[], told: Completion): PlantFact[] {
  const given = gifts(outputs)
  const gave = run.mothers.map(({ coil }) => given.get(coil) ?? [])
  const missing = bookMissing(
    run.mothers.map(({ netWeightKg }, i) => ({ kg: netWeightKg, gaveKg: sumKg(gave[i]!.map((gift) => gift.kg)) })),
    told.scrapKg,
    told.lossKg,
  )
  return run.mothers.flatMap((mother, i): PlantFact[] => {
    const owner = gave[i]![0]?.owner ?? mother.owner
    const into = gave[i]!.map(({ coil, kg }) => ({ coil, kg }))
    return [
      ...handedOver(run, mother, owner),
      {
        type: 'CoilConsumed',
        data: { coil: mother.coil, ...onRun(run), netWeightKg: mother.netWeightKg, owner, into, ...missing[i]! },
      },
    ]
  })
}

function produced(run: Run, { told, mothers, from, owner, product }: Shared): PlantFact[] {
  const { coil, netWeightKg, grossWeightKg, weighing, location, remnant = false } = told
  const givers = new Set(from.map((share) => share.coil))
  const giving = mothers.filter((mother) => givers.has(mother.coil))
  return [
    {
      type: 'CoilProduced',
      data: {
        coil,
        ...onRun(run),
        from: [...from],
        melts: [...new Set(giving.flatMap((mother) => mother.castNumbers))],
        remnant,
        owner,
        holder: mothers[0]!.holder,
        product,
        netWeightKg,
        grossWeightKg,
        weighing,
        location,
      },
    },
    // Rule 2: also by holds from while the mother was on the line.
    ...inheritedHolds(coil, giving),
    stored(coil, location),
  ]
}
