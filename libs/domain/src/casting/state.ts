import type { PlantFact } from '../events.js'
import { castingRunStream, type StreamKind } from '../streams.js'
import type { MeltShare } from '../words.js'

/** One run of a caster: melts in, coils out. Instants are ISO 8601, UTC. */
export interface CastingRun {
  readonly castingRun: string
  readonly line: string
  readonly alloy: string
  readonly owner: string
  readonly startedAt: string
  readonly finishedAt?: string
  readonly melts: readonly MeltShare[]
  /** With the kg of each melt in it, as they were told when it was cast. */
  readonly coils: readonly { readonly coil: string; readonly kg: number; readonly melts: readonly MeltShare[] }[]
}

export const castingRuns: StreamKind<CastingRun> = {
  thing: 'casting-run',
  stream: castingRunStream,
  evolve(run, { type, data }: PlantFact) {
    switch (type) {
      case 'CastingRunStarted':
        return { ...data, melts: [], coils: [] }
      case 'MeltAddedToRun':
        return run && { ...run, melts: [...run.melts, { castNumber: data.castNumber, kg: data.netWeightKg }] }
      case 'CoilCastInRun':
        return run && { ...run, coils: [...run.coils, { coil: data.coil, kg: data.netWeightKg, melts: data.melts }] }
      case 'CastingRunFinished':
        return run && { ...run, finishedAt: data.finishedAt }
      default:
        return run
    }
  },
}
