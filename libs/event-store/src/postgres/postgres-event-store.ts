/** The event store of the standalone profile, in schema `event_store` of a PostgreSQL database (14 or later). */
import type pg from 'pg'
import { draftsOf } from '../draft.js'
import {
  type Appended,
  type EventStore,
  type Position,
  type RecordedEvent,
  type Revision,
  START,
  StoreUnavailableError,
  type StreamRead,
  type StreamWrite,
} from '../event-store.js'
import { mayPass, unavailable } from './errors.js'
import { readAfter, readStreamPage, readStreams } from './event-rows.js'
import { GroupCommit } from './group-commit.js'
import { LiveSignal } from './live-signal.js'
import { ReadTogether } from './read-together.js'
import { MIGRATION } from './schema.js'
import { followAll } from './subscription.js'

/**
 * Reads through the pool, which stays the caller's own to end; writes and listens through one connection each,
 * opened when first needed with the pool's settings, so that readers never keep a writer waiting.
 */
export class PostgresEventStore implements EventStore {
  readonly #writer: GroupCommit
  readonly #live: LiveSignal
  readonly #streams: ReadTogether
  readonly #closing = new AbortController()

  constructor(private readonly pool: pg.Pool) {
    this.#live = new LiveSignal(pool.options)
    this.#streams = new ReadTogether((reads) => this.#ask(() => readStreams(pool, reads)))
    this.#writer = new GroupCommit(pool.options, (head) => this.#live.recorded(head))
  }

  /** Makes what is missing in the database; safe at any time, by several processes at once. */
  async migrate(): Promise<void> {
    await this.#ask(() => this.pool.query(MIGRATION))
  }

  /** Appends that wait are recorded first, subscriptions end; the pool stays open. */
  async close(): Promise<void> {
    this.#closing.abort()
    this.#live.close()
    await this.#writer.close()
  }

  /**
   * @throws InvalidAppendError if the append itself is wrong, ConflictError if a stream is not where it is expected,
   *   StoreUnavailableError if the server was away for seconds; its message says whether anything can have been recorded
   */
  async append(writes: readonly StreamWrite[]): Promise<Appended> {
    const { drafts, events, bytes } = draftsOf(writes)
    return this.#writer.append(drafts, events, bytes)
  }

  async *read(stream: string, from: Revision = 0): AsyncIterable<RecordedEvent> {
    let next = from
    while (true) {
      const events = await this.#ask(() => readStreamPage(this.pool, stream, next))
      yield* events
      if (events.length === 0) return
      next = events.at(-1)!.revision + 1
    }
  }

  async readMany(reads: readonly StreamRead[]): Promise<ReadonlyMap<string, readonly RecordedEvent[]>> {
    return reads.length === 0 ? new Map() : this.#streams.read(reads)
  }

  async *subscribe(after: Position, signal: AbortSignal): AsyncIterable<readonly RecordedEvent[]> {
    const ends = AbortSignal.any([signal, this.#closing.signal])
    if (ends.aborted) return
    this.#live.enter()
    try {
      yield* followAll((position) => this.#ask(() => readAfter(this.pool, position)), this.#live, after, ends)
    } finally {
      this.#live.leave()
    }
  }

  async head(): Promise<Position> {
    const last = 'SELECT position FROM event_store.events ORDER BY position DESC LIMIT 1'
    const { rows } = await this.#ask(() => this.pool.query(last))
    return rows.length > 0 ? BigInt(rows[0].position) : START
  }

  async #ask<R>(question: () => Promise<R>): Promise<R> {
    // A store whose pool was ended will never answer again: its subscriptions need not try.
    if (this.pool.ending) this.#closing.abort()
    if (this.#closing.signal.aborted) throw new StoreUnavailableError('the event store is closed')
    try {
      return await question()
    } catch (error) {
      if (mayPass(error)) throw unavailable('the event store cannot answer', error)
      throw error
    }
  }
}
