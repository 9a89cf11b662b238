/** Moves one build on along the feed, over one connection: the loop that live running and rebuilding share. */
import { setImmediate } from 'node:timers/promises'
import type { ClientBase } from 'pg'
import type { EventFeed } from '#event-feed/event-feed'
import { ReadAhead } from '#event-feed/read-ahead'
import { type Position, type RecordedEvent, START } from '#event-store/event-store'
import { offsetsOf, reload } from './builds.js'
import { isRefusedByDatabase } from './database-errors.js'
import type { Projection } from './projection.js'
import { BuildWriter, type Committed, type Memory, OvertakenError } from './writer.js'

export interface Pace extends Memory {
  /** Commits when this many rows have changed, or this long after the last commit, whichever is first. */
  readonly rows: number
  readonly ms: number
  /** Commits as soon as nothing more is waiting. */
  readonly eager: boolean
}

/** Every command seen at once, by commits of what came while the last one was written. */
export const LIVE: Pace = { keep: 50_000, rows: 5_000, ms: 20, eager: true, tells: true }
/** Few, large commits: a row that many events change is written once. */
export const BULK: Pace = { keep: 250_000, rows: 100_000, ms: 10_000, eager: false, tells: false }

export interface Following {
  readonly client: ClientBase
  readonly projection: Projection
  readonly build: number
  readonly feed: EventFeed
  readonly signal: AbortSignal
  readonly pace: Pace
  /** Returns when this is applied; follows for ever without. */
  readonly until?: Position
  committed(committed: Committed): void | Promise<void>
  /** Events are folded in memory, and not committed yet. */
  taken?(eventsPassed: number, reached: Position): void
}

/** Between pieces of this size other work of the process has its turn. */
const PIECE = 500

export async function follow(following: Following): Promise<void> {
  let carefulUntil = START
  for (;;) {
    const refusedAt = await followUntilRefused(following, carefulUntil)
    if (refusedAt === undefined) return
    carefulUntil = refusedAt
  }
}

/** Position up to which an event is to be found whose rows the database refuses; undefined when all went well. */
async function followUntilRefused(following: Following, carefulUntil: Position): Promise<Position | undefined> {
  const { client, projection, feed, signal, pace, until } = following
  let writer = await open(following)
  let lastCommit = performance.now()
  const commit = async () => {
    if (writer.pending > 0) await following.committed(await writer.commit())
    lastCommit = performance.now()
  }
  if (until !== undefined && writer.reached >= until) return undefined
  const offsets = await offsetsOf(client, projection, following.build)
  const source = new ReadAhead(feed, writer.reached, signal, offsets)
  try {
    for await (const batch of source.batches()) {
      const events = until === undefined || batch.at(-1)!.position <= until ? batch : upTo(batch, until)
      for (let n = 0; n < events.length; n += PIECE) {
        const piece = events.length <= PIECE ? events : events.slice(n, n + PIECE)
        if (piece[0]!.position <= carefulUntil) {
          await commit()
          await carefully(following, piece)
          writer = await open(following)
          continue
        }
        await writer.take(piece)
        following.taken?.(writer.eventsPassed, writer.reached)
        if (writer.pending >= pace.rows || performance.now() - lastCommit >= pace.ms) await commit()
        if (events.length > PIECE) await setImmediate()
        if (signal.aborted) break
      }
      if (pace.eager && source.waiting === 0) await commit()
      if (signal.aborted || (until !== undefined && writer.reached >= until)) break
    }
    await commit()
    return undefined
  } catch (error) {
    if (isRefusedByDatabase(error)) return writer.reached
    throw error
  }
}

/** Halves what the database refuses until the one event is found, and parks its stream. */
async function carefully(following: Following, events: readonly RecordedEvent[]): Promise<void> {
  try {
    const writer = await open(following)
    await writer.take(events)
    await following.committed(await writer.commit())
  } catch (error) {
    if (!isRefusedByDatabase(error)) throw error
    if (events.length === 1) {
      const writer = await open(following)
      writer.refuse(events[0]!, error as Error)
      await following.committed(await writer.commit())
      return
    }
    const half = events.length >> 1
    await carefully(following, events.slice(0, half))
    await carefully(following, events.slice(half))
  }
}

async function open({ client, projection, build: number, pace }: Following): Promise<BuildWriter> {
  const build = await reload(client, projection, number)
  if (!build || build.state === 'retired') throw new OvertakenError(`build ${number} of ${projection.name} is gone`)
  return BuildWriter.open(client, projection, build, pace)
}

function upTo(events: readonly RecordedEvent[], position: Position): readonly RecordedEvent[] {
  const end = events.findIndex((event) => event.position > position)
  return end < 0 ? events : events.slice(0, end)
}
