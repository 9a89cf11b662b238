/** Streams whose events wait: what they are, and trying again. */
import type { ClientBase, Pool } from 'pg'
import type { StreamReader } from '#event-feed/event-feed'
import type { RecordedEvent } from '#event-store/event-store'
import { type Build, bookkeeping, find, inTransaction, lock, onOneConnection } from './builds.js'
import { isRefusedByDatabase } from './database-errors.js'
import { LIVE } from './follow.js'
import type { Projection } from './projection.js'
import type { ParkedStream } from './tables.js'
import { BuildWriter } from './writer.js'

export type Retried =
  | { readonly outcome: 'applied'; readonly events: readonly RecordedEvent[] }
  | { readonly outcome: 'parkedAgain'; readonly events: readonly RecordedEvent[]; readonly parked: ParkedStream }
  | { readonly outcome: 'notParked' }

/** The oldest first, at most `limit`. */
export async function listParked(
  from: Pool | ClientBase,
  projection: Projection,
  limit = 1000,
): Promise<ParkedStream[]> {
  const live = await find(from, projection, 'live')
  return live ? parkedOf(from, projection, live, limit) : []
}

export async function parkedOf(
  from: Pool | ClientBase,
  projection: Projection,
  { build }: Pick<Build, 'build'>,
  limit: number,
  stream?: string,
): Promise<ParkedStream[]> {
  const { rows } = await from.query(
    `SELECT stream, reason, "eventId", "eventType", revision, position::text, error, since, attempts
     FROM ${bookkeeping(projection, build).parked} WHERE $2::text IS NULL OR stream = $2
     ORDER BY since, stream LIMIT $1`,
    [limit, stream ?? null],
  )
  return rows.map((row) => ({ ...row, position: BigInt(row.position) }))
}

/**
 * Reads a parked stream again from its last applied event and applies it in order, up to where the build is; what
 * comes after flows again by itself. Whoever else writes to the build waits meanwhile, and then starts from here.
 */
export async function retryParked(
  pool: Pool,
  projection: Projection,
  reader: StreamReader,
  stream: string,
  which: Build['state'] = 'live',
): Promise<Retried> {
  return onOneConnection(pool, async (client) => {
    const retrying = { client, projection, reader, stream, which }
    let step: Step = { done: false, most: Number.POSITIVE_INFINITY, applied: [] }
    while (!step.done) step = await tryStep(retrying, step)
    return step.result
  })
}

interface Retrying {
  readonly client: ClientBase
  readonly projection: Projection
  readonly reader: StreamReader
  readonly stream: string
  readonly which: Build['state']
}

type Step =
  | { readonly done: true; readonly result: Retried }
  | {
      readonly done: false
      readonly most: number
      readonly applied: readonly RecordedEvent[]
      readonly refused?: Refusal
    }

interface Refusal {
  readonly event: RecordedEvent
  readonly error: Error
}

/** One transaction. All events at once; one by one as soon as the database refuses some row. */
async function tryStep(retrying: Retrying, step: Extract<Step, { done: false }>): Promise<Step> {
  const { client, projection, stream, which } = retrying
  let reading: readonly RecordedEvent[] = []
  try {
    return await inTransaction(client, async () => {
      const build = await lock(client, projection, which)
      const [parked] = build ? await parkedOf(client, projection, build, 1, stream) : []
      if (!build || !parked) return { done: true, result: { outcome: 'notParked' } }
      const writer = await BuildWriter.open(client, projection, build, LIVE, stream)
      const waiting = await readWaiting(retrying, build)
      reading = waiting.slice(0, step.most)
      if (step.refused) writer.refuse(step.refused.event, step.refused.error)
      else await writer.take(reading)
      const reached = reading.at(-1)?.revision ?? -1
      const complete = reading.length === waiting.length
      if (complete && reached < parked.revision && !step.refused) {
        writer.parkAgain(parked, `the event store has no revision ${parked.revision} of ${stream}`)
      }
      const committed = await writer.commit('open')
      const applied = [...step.applied, ...committed.applied]
      if (committed.parked.length > 0) {
        const [again] = await parkedOf(client, projection, build, 1, stream)
        return { done: true, result: { outcome: 'parkedAgain', events: applied, parked: again! } }
      }
      if (!complete) return { done: false, most: step.most, applied }
      await client.query(`DELETE FROM ${bookkeeping(projection, build.build).parked} WHERE stream = $1`, [stream])
      return { done: true, result: { outcome: 'applied', events: applied } }
    })
  } catch (error) {
    if (!isRefusedByDatabase(error) || step.refused) throw error
    if (reading.length > 1) return { done: false, most: 1, applied: step.applied }
    if (reading.length === 0) throw error
    return { done: false, most: 1, applied: step.applied, refused: { event: reading[0]!, error: error as Error } }
  }
}

/** The stream's events that the build has passed without applying them. */
async function readWaiting({ client, projection, reader, stream }: Retrying, build: Build): Promise<RecordedEvent[]> {
  const { rows } = await client.query<{ revision: number }>(
    `SELECT revision FROM ${bookkeeping(projection, build.build).revisions} WHERE stream = $1`,
    [stream],
  )
  const waiting: RecordedEvent[] = []
  for await (const event of reader.read(stream, (rows[0]?.revision ?? -1) + 1)) {
    if (event.position > build.position) break
    waiting.push(event)
  }
  return waiting
}
