import type { PlantFact } from '#domain/events'
import type { Product } from '#domain/words'

/** What happened together: one append. */
export interface Happening {
  readonly facts: readonly PlantFact[]
  readonly occurredAt: Date
}

export interface LyingCoil {
  readonly coil: string
  readonly owner: string
  readonly product: Product
  readonly netWeightKg: number
  readonly castNumber: string
  location: string
}

/** Without a limit: there the history of a plant finds room for all its coils. */
export const HALLS = Array.from({ length: 30 }, (_, i) => `HALL-${String(i + 1).padStart(2, '0')}`)
