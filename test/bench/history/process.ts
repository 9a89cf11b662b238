/** Some of the coils that arrived are slit or rolled. */
import type { PlantFact } from '#domain/events'
import { stored } from '#domain/plant/placement'
import type { Dice } from './dice.js'
import { HALLS, type LyingCoil } from './lying-coil.js'

export const TEMPERS = ['H14', 'O', 'H18', 'H24', 'H22']

interface Processed {
  readonly facts: PlantFact[]
  readonly left: LyingCoil[]
  readonly born: LyingCoil[]
}

export function processCoils(dice: Dice, coils: readonly LyingCoil[], lot: number, startedAt: Date): Processed {
  const processed: Processed = { facts: [], left: [], born: [] }
  let order = 0
  for (const mother of coils) {
    const rest = dice.between(1, 100)
    if (rest > 60) {
      processed.left.push(mother)
      continue
    }
    const processOrder = `PO-${lot}-${order++}`
    const children = rest <= 35 ? slit(dice, mother) : [rolled(dice, mother)]
    processed.born.push(...children)
    processed.facts.push(...run(processOrder, rest <= 35 ? 'slit' : 'roll', mother, children, startedAt))
  }
  return processed
}

function slit(dice: Dice, mother: LyingCoil): LyingCoil[] {
  const pieces = dice.between(2, 5)
  const widthMm = Math.floor((mother.product.widthMm - 20) / pieces)
  const netWeightKg = Math.floor((mother.netWeightKg * widthMm) / mother.product.widthMm)
  return Array.from({ length: pieces }, (_, i) => ({
    ...mother,
    coil: `${mother.coil}-${i + 1}`,
    product: { ...mother.product, widthMm },
    netWeightKg,
    location: dice.one(HALLS),
  }))
}

function rolled(dice: Dice, mother: LyingCoil): LyingCoil {
  const product = { ...mother.product, gaugeMm: dice.step(0.2, 3, 0.05), temper: dice.one(TEMPERS) }
  const netWeightKg = mother.netWeightKg - dice.between(20, 120)
  return { ...mother, coil: `${mother.coil}-R`, product, netWeightKg, location: dice.one(HALLS) }
}

/** All facts of one order on one mother. */
export function run(
  processOrder: string,
  step: 'slit' | 'roll' | 'divide',
  mother: LyingCoil,
  children: readonly LyingCoil[],
  startedAt: Date,
): PlantFact[] {
  const { coil, owner, product, netWeightKg } = mother
  const line = { slit: 'SLIT-1', roll: 'COLD-1', divide: 'DIVIDE-1' }[step]
  const on = { processOrder, line, step }
  const work = { line, by: 'process-order', number: processOrder } as const
  const inputs = [{ coil, kg: netWeightKg, owner, product }]
  const outKg = children.reduce((sum, child) => sum + child.netWeightKg, 0)
  const balance = { inKg: netWeightKg, outKg, scrapKg: netWeightKg - outKg, lossKg: 0, differenceKg: 0 }
  const times = { startedAt: startedAt.toISOString(), completedAt: new Date(+startedAt + 3_600_000).toISOString() }
  return [
    { type: 'ProcessOrderPlanned', data: { ...on, inputs: [coil], planned: [] } },
    { type: 'LineEngaged', data: work },
    { type: 'ProcessOrderStarted', data: { ...on, inputs, startedAt: times.startedAt } },
    { type: 'CoilProcessingStarted', data: { coil, ...on, from: mother.location } },
    { type: 'CoilTaken', data: { location: mother.location, coil } },
    {
      type: 'CoilConsumed',
      data: {
        ...{ coil, ...on, netWeightKg, owner, scrapKg: balance.scrapKg, lossKg: 0, differenceKg: 0 },
        into: children.map((child) => ({ coil: child.coil, kg: child.netWeightKg })),
      },
    },
    ...children.flatMap((child) => produced(child, mother, on)),
    {
      type: 'ProcessOrderCompleted',
      data: {
        ...{ ...on, inputs, balance, toleranceKg: 20, ...times },
        outputs: children.map((c) => ({ coil: c.coil, kg: c.netWeightKg, owner, product: c.product, remnant: false })),
      },
    },
    { type: 'LineFreed', data: work },
  ]
}

type On = { processOrder: string; line: string; step: 'slit' | 'roll' | 'divide' }

function produced({ coil, owner, product, netWeightKg, castNumber, location }: LyingCoil, mother: LyingCoil, on: On) {
  const from = [{ coil: mother.coil, kg: netWeightKg }]
  const weighing = { by: 'scale' as const, scale: 'LINE' }
  const whose = { owner, holder: 'ALRO' }
  const made = { coil, ...on, from, melts: [castNumber], remnant: false, ...whose, product, netWeightKg, weighing }
  return [{ type: 'CoilProduced', data: { ...made, location } }, stored(coil, location)] satisfies PlantFact[]
}
