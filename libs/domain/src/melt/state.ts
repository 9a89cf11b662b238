import type { PlantFact } from '../events.js'
import { meltStream, type StreamKind } from '../streams.js'

/** One furnace melt, and what decisions need to know of it. */
export interface Melt {
  readonly castNumber: string
  readonly alloy: string
  readonly owner: string
  readonly origin: 'furnace' | 'remelt' | 'supplier'
  /** Unknown for a supplier's melt. */
  readonly netWeightKg?: number
}

export const melts: StreamKind<Melt> = {
  thing: 'melt',
  stream: meltStream,
  evolve(melt, { type, data }: PlantFact) {
    if (type !== 'MeltRecorded') return melt
    const { castNumber, alloy, owner, origin, netWeightKg } = data
    return { castNumber, alloy, owner, origin, netWeightKg }
  },
}
