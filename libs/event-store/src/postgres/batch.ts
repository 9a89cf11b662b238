/**
 * Which appends of a batch hold, in order of arrival, later ones seeing what earlier ones of the same batch write.
 * Pure: what the streams' revisions are is either known (read under the writer's lock) or presumed from the first
 * writer's own expectation, to be confirmed by the server before anything is written.
 */
import { type Draft } from '../draft.js'
import { ConflictError, type Revision } from '../event-store.js'

/** Revision of a stream that does not exist. */
const NONE = -1

export interface Plan<A> {
  readonly accepted: readonly A[]
  readonly refused: readonly { readonly append: A; readonly conflict: ConflictError }[]
  /** Every stream that a decision leaned on. */
  readonly streams: readonly string[]
  /** Beside `streams`: the last revision that was leaned on, null where any would do. */
  readonly presumed: readonly (Revision | null)[]
  /** For every accepted event in order: its stream's place in `streams`, from 1, and its step behind the base. */
  readonly placeOf: readonly number[]
  readonly stepOf: readonly number[]
}

interface Line {
  readonly place: number
  base: Revision | null
  added: number
}

/**
 * @param known last revision of each stream, -1 for none; without it revisions are presumed
 * @returns undefined if the appends cannot be judged by presumption alone
 */
export function planBatch<A extends { readonly drafts: readonly Draft[] }>(
  appends: readonly A[],
  known?: ReadonlyMap<string, Revision>,
): Plan<A> | undefined {
  const lines = new Map<string, Line>()
  const accepted: A[] = []
  const refused: { append: A; conflict: ConflictError }[] = []
  const placeOf: number[] = []
  const stepOf: number[] = []

  for (const append of appends) {
    let conflict: ConflictError | undefined
    for (const { stream, expected } of append.drafts) {
      let line = lines.get(stream)
      if (!line) {
        line = { place: lines.size + 1, base: known ? known.get(stream)! : null, added: 0 }
        lines.set(stream, line)
      }
      if (expected === 'any' || conflict) continue
      const wanted = expected === 'none' ? NONE : expected
      if (line.base === null) {
        line.base = wanted - line.added
        if (line.base < NONE) return undefined
      }
      const actual = line.base + line.added
      if (actual !== wanted) conflict = new ConflictError(stream, expected, actual === NONE ? 'none' : actual)
    }
    if (conflict) {
      refused.push({ append, conflict })
      continue
    }
    accepted.push(append)
    for (const { stream, events } of append.drafts) {
      const line = lines.get(stream)!
      for (const _ of events) {
        placeOf.push(line.place)
        stepOf.push(++line.added)
      }
    }
  }
  const presumed = Array.from(lines.values(), (line) => line.base)
  return { accepted, refused, streams: [...lines.keys()], presumed, placeOf, stepOf }
}
