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
  /** The casting run that it went into. */
  readonly castingRun?: string
  /** By its last analysis: within its alloy's limits, or accepted all the same. Undefined before the first. */
  readonly castable?: boolean
}

export const melts: StreamKind<Melt> = {
  thing: 'melt',
  stream: meltStream,
  evolve(melt, { type, data }: PlantFact) {
    switch (type) {
      case 'MeltRecorded': {
        const { castNumber, alloy, owner, origin, netWeightKg } = data
        return { castNumber, alloy, owner, origin, netWeightKg }
      }
      case 'MeltAnalysed':
        return melt && { ...melt, castable: data.outside.length === 0 || data.accepted !== undefined }
      case 'MeltCharged':
        return melt && { ...melt, castingRun: data.castingRun }
      default:
        return melt
    }
  },
}
