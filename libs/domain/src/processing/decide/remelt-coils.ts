import type { PlantFact } from '../../events.js'
import type { Known } from '../../known.js'
import { shareOut } from '../../mass.js'
import { melts } from '../../melt/state.js'
import type { Checks } from '../../refusal.js'
import { agreed, handedOver } from '../agreement.js'
import { bookMissing } from '../booking.js'
import type { Completion, MeltTold } from '../completion.js'
import { type Made, onRun, type Run } from '../run.js'

/** Coils, and loose scrap with them, become one melt: genealogy ends in the kg that each gave. */
export function remeltCoils(checks: Checks, run: Run, told: Completion, known: Known): Made {
  const { order, mothers } = run
  const { melt } = told
  if (!melt) {
    checks.add({
      rule: 'melt-missing',
      message: `say which melt came out of order ${order.processOrder}: its cast number and weight`,
      values: { processOrder: order.processOrder },
      field: '/melt',
    })
    return { outKg: 0, chargedKg: 0, outputs: [], coming: [], facts: () => [] }
  }
  const { castNumber } = melt
  checks.require(
    known.find(melts, castNumber) === undefined,
    'cast-number-used',
    `the cast number ${castNumber} is taken by another melt`,
    { castNumber },
    '/melt/castNumber',
  )
  const made = { name: `melt ${castNumber}`, mothers, field: '/melt', told: melt }
  const alloy = agreed(checks, run, 'alloy', made)
  const owner = agreed(checks, run, 'owner', made)
  return {
    outKg: melt.netWeightKg,
    chargedKg: melt.scrapChargedKg,
    outputs: [],
    coming: [],
    facts: () => melted(run, told, melt, alloy, owner),
  }
}

function melted(run: Run, told: Completion, melt: MeltTold, alloy: string, owner: string): PlantFact[] {
  const { castNumber, netWeightKg, furnace, scrapChargedKg } = melt
  // Loose scrap is charged like one coil more, and bears its part of dross and difference.
  const chargedKgs = [...run.mothers.map((mother) => mother.netWeightKg), scrapChargedKg]
  const gaveKgs = shareOut(netWeightKg, chargedKgs)
  const missing = bookMissing(
    chargedKgs.map((kg, i) => ({ kg, gaveKg: gaveKgs[i]! })),
    told.scrapKg,
    told.lossKg,
  )
  return [
    {
      type: 'MeltRecorded',
      data: {
        castNumber,
        alloy,
        owner,
        origin: 'remelt',
        netWeightKg,
        furnace,
        from: run.mothers.map(({ coil }, i) => ({ coil, kg: gaveKgs[i]! })),
        ...(scrapChargedKg > 0 && { scrapChargedKg }),
      },
    },
    ...run.mothers.flatMap((mother, i): PlantFact[] => [
      ...handedOver(run, mother, owner),
      {
        type: 'CoilConsumed',
        data: {
          coil: mother.coil,
          ...onRun(run),
          netWeightKg: mother.netWeightKg,
          owner,
          into: [],
          intoMelt: { castNumber, kg: gaveKgs[i]! },
          ...missing[i]!,
        },
      },
    ]),
  ]
}
