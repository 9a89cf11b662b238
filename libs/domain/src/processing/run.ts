import type { Coil } from '../coil/state.js'
import type { PlantFact } from '../events.js'
import type { Given } from '../given.js'
import type { Line } from '../plant/events.js'
import type { Coming } from '../plant/placement.js'
import type { OrderOutput, ProcessOrder } from './state.js'

/** A run that is being completed. */
export interface Run {
  readonly order: ProcessOrder
  readonly line: Line
  /** As they are now, in the order's order. */
  readonly mothers: readonly Coil[]
  readonly given: Given
}

/** What came out of a run. */
export interface Made {
  readonly outKg: number
  /** Put in beside the coils: loose scrap. */
  readonly chargedKg: number
  readonly outputs: readonly OrderOutput[]
  readonly coming: readonly Coming[]
  /** Only to be asked for when no rule is broken. */
  facts(): PlantFact[]
}

/** `{ processOrder, line, step }`, as all facts of a run carry it. */
export const onRun = ({ order: { processOrder, line, step } }: Run) => ({ processOrder, line, step })
