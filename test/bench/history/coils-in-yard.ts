import { stored } from '#domain/plant/placement'
import type { Happening } from './lying-coil.js'

const AT_ONCE = 500
const LOCATION = 'YARD'
const netWeightKg = 8423
const product = {
  ...{ form: 'coil' as const, alloy: 'EN AW-8011A', temper: 'H14', gaugeMm: 6.35, widthMm: 1500 },
  ...{ innerDiameterMm: 508, outerDiameterMm: 1686 },
}
const supplied = { supplier: 'AZAL', owner: 'AZAL', castNumber: 'G26-3107', product, netWeightKg }
const weighing = { by: 'scale' as const, scale: 'GATE' }

/** Coils with nothing but their receipt behind them, for commands to work on. */
export const coilInYard = (i: number) => `BENCH-${i}`

export function* arrivalsInYard(count: number): Generator<Happening> {
  for (let first = 0; first < count; first += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, i) => coilInYard(first + i))
    const facts = numbers.flatMap((coil) => {
      const data = { coil, announced: false, holder: 'ALRO', ...supplied, weighing, location: LOCATION }
      return [{ type: 'CoilReceived' as const, data }, stored(coil, LOCATION)]
    })
    yield { facts, occurredAt: new Date(Date.now() - 86_400_000) }
  }
}

/** The body that receives one more of them. */
export const receiptOf = (coil: string) => ({ location: LOCATION, coils: [{ coil, ...supplied, weighing }] })
