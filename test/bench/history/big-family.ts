/** One coil with ten thousand descendants: divided into a hundred, and each of those into a hundred. */
import { stored } from '#domain/plant/placement'
import type { Happening, LyingCoil } from './lying-coil.js'
import { run } from './process.js'

export const ANCESTOR = 'FAMILY-1'

/** A hundred in a plant of the size that the benchmark is for, fewer in a smaller one. */
export const childrenOf = (coils: number) => Math.min(100, Math.max(2, Math.round(coils / 1000)))

export function* bigFamily(children: number): Generator<Happening> {
  const occurredAt = new Date(Date.now() - 86_400_000)
  const ancestor: LyingCoil = {
    ...{ coil: ANCESTOR, owner: 'AZAL', castNumber: 'FAMILY-MELT', location: 'YARD', netWeightKg: 20_000 },
    product: { form: 'coil', alloy: 'EN AW-1050A', temper: 'F', gaugeMm: 7, widthMm: 1500 },
  }
  const { coil, owner, castNumber, product, netWeightKg, location } = ancestor
  const received = { coil, announced: false, supplier: owner, owner, holder: 'ALRO', castNumber, product, netWeightKg }
  const facts = [
    { type: 'CoilReceived', data: { ...received, weighing: { by: 'scale' }, location } } as const,
    stored(coil, location),
  ]
  yield { facts, occurredAt }
  const first = divided(ancestor, children)
  yield { facts: run('FAMILY-0', 'divide', ancestor, first, occurredAt), occurredAt }
  for (const [i, mother] of first.entries()) {
    const second = divided(mother, children)
    yield { facts: run(`FAMILY-${i + 1}`, 'divide', mother, second, occurredAt), occurredAt }
  }
}

function divided(mother: LyingCoil, pieces: number): LyingCoil[] {
  const netWeightKg = Math.floor(mother.netWeightKg / pieces)
  return Array.from({ length: pieces }, (_, i) => ({ ...mother, coil: `${mother.coil}-${i + 1}`, netWeightKg }))
}
