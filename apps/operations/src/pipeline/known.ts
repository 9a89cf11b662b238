import type { Known } from '#domain/known'
import type { StreamKind } from '#domain/streams'
import type { History } from './history.js'

type Wanted = readonly [StreamKind<unknown>, readonly string[]]

/** For `readKnown`: these things of this kind. */
export const wanted = <State>(kind: StreamKind<State>, ids: Iterable<string | undefined>): Wanted => [
  kind as StreamKind<unknown>,
  [...new Set(ids)].filter((id) => id !== undefined),
]

/** Reads all these things, and lets a decision look them up; one that was not read is an error of ours. */
export async function readKnown(history: History, ...all: readonly Wanted[]): Promise<Known> {
  const states = new Map<string, unknown>()
  for (const [kind, ids] of all) {
    const found = await history.find(kind, ids)
    ids.forEach((id, i) => {
      states.set(kind.stream(id), found[i])
    })
  }
  return {
    find<State>(kind: StreamKind<State>, id: string) {
      const stream = kind.stream(id)
      if (!states.has(stream)) throw new Error(`${stream} is looked up, but was not read`)
      return states.get(stream) as State | undefined
    },
  }
}
