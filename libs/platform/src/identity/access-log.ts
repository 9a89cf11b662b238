/**
 * Sign-ins, refusals and keys as events. What changes in the schema `identity` is noted there in the same transaction,
 * and carried to the event store from there: a crash, or a store that is away, loses nothing and keeps nobody out.
 */
import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common'
import { LRUCache } from 'lru-cache'
import type pg from 'pg'
import type { AccessEvent } from '#domain/access/events'
import { currentVersion } from '#domain/events'
import { streamOf } from '#domain/streams'
import type { EventStore, Revision, StreamWrite } from '#event-store/event-store'
import { inTransaction } from '../postgres/transaction.js'
import type { Actor } from './roles.js'

const EVERY_MS = 1_000
const MOST_AT_ONCE = 200
const MOST_STREAMS = 1_000

interface Noted {
  readonly id: string
  readonly type: AccessEvent['type']
  readonly data: AccessEvent['data']
  readonly metadata: Readonly<Record<string, string>>
}

/** Notes a fact for the event store, in the transaction that makes it one. `by` is nobody at start and the command line. */
export async function note(client: pg.PoolClient, fact: AccessEvent, by?: Actor): Promise<void> {
  const metadata = {
    actor: by?.name ?? 'Coiltrail',
    role: by?.role ?? 'administrator',
    source: by?.source ?? 'api',
    occurredAt: new Date().toISOString(),
    schemaVersion: String(currentVersion(fact.type)),
  }
  await client.query('INSERT INTO identity.unrecorded_fact (type, data, metadata) VALUES ($1, $2, $3)', [
    fact.type,
    fact.data,
    metadata,
  ])
}

export class AccessLog implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #logger = new Logger('Identity')
  readonly #over = new AbortController()
  #wake: (() => void) | undefined
  #carrying: Promise<void> = Promise.resolve()
  /** Up to where streams hold nothing that is still noted: a day of refusals is not read again for each new one. */
  readonly #settled = new LRUCache<string, Revision>({ max: MOST_STREAMS })

  constructor(
    readonly pool: pg.Pool,
    private readonly store?: EventStore,
  ) {}

  /** A change of who may come in, with its notes: all of it or nothing. */
  async within<Answer>(work: (client: pg.PoolClient) => Promise<Answer>): Promise<Answer> {
    const answer = await inTransaction(this.pool, work)
    this.#wake?.()
    return answer
  }

  /** What cannot be recorded keeps nobody waiting, but is not kept quiet. */
  complain(what: string, { message }: Error): void {
    this.#logger.warn(`${what}: ${message}`)
  }

  onApplicationBootstrap(): void {
    if (this.store) this.#carrying = this.#carryOn(this.store)
  }

  async onApplicationShutdown(): Promise<void> {
    this.#over.abort()
    this.#wake?.()
    await this.#carrying
  }

  async #carryOn(store: EventStore): Promise<void> {
    let told = ''
    while (!this.#over.signal.aborted) {
      try {
        if ((await this.#carry(store)) === MOST_AT_ONCE) continue
        told = ''
      } catch (error) {
        const { message } = error as Error
        if (message !== told) this.#logger.warn(`What happened at the door waits to be recorded: ${message}`)
        told = message
      }
      await this.#nextTime()
    }
  }

  /** Oldest first. Of several processes one carries at a time, so that each stream keeps its order. */
  async #carry(store: EventStore): Promise<number> {
    let appended: ReadonlyMap<string, Revision> = new Map()
    const carried = await inTransaction(this.pool, async (client) => {
      const { rows: turns } = await client.query<{ mine: boolean }>(
        `SELECT pg_try_advisory_xact_lock(hashtextextended('coiltrail unrecorded facts', 0)) AS mine`,
      )
      if (!turns[0]?.mine) return 0
      const { rows } = await client.query<Noted>(
        `SELECT id, type, data, metadata FROM identity.unrecorded_fact ORDER BY number LIMIT ${MOST_AT_ONCE}`,
      )
      if (rows.length === 0) return 0
      const missing = await this.#notYetIn(store, rows)
      if (missing.length > 0) appended = (await store.append(missing)).revisions
      await client.query('DELETE FROM identity.unrecorded_fact WHERE id = ANY($1)', [rows.map(({ id }) => id)])
      return rows.length
    })
    // Not before: until the notes are gone, what was appended has to be found again.
    for (const [stream, revision] of appended) this.#settled.set(stream, revision)
    return carried
  }

  /** A crash between append and delete leaves facts here that are recorded: they are known by their ids. */
  async #notYetIn(store: EventStore, noted: readonly Noted[]): Promise<StreamWrite[]> {
    const byStream = Map.groupBy(noted, ({ type, data }) => streamOf({ type, data } as AccessEvent))
    const settled = new Map([...byStream.keys()].map((stream) => [stream, this.#settled.get(stream)]))
    const recorded = await store.readMany([...settled].map(([stream, at = -1]) => ({ stream, from: at + 1 })))
    return [...byStream].flatMap(([stream, ofStream]) => {
      const before = recorded.get(stream) ?? []
      const known = new Set(before.map(({ id }) => id))
      const events = ofStream.filter(({ id }) => !known.has(id))
      const expected = before.at(-1)?.revision ?? settled.get(stream) ?? ('none' as const)
      return events.length === 0 ? [] : [{ stream, expected, events }]
    })
  }

  #nextTime(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.#wake = undefined
        resolve()
      }
      const timer = setTimeout(done, EVERY_MS)
      this.#wake = done
      if (this.#over.signal.aborted) done()
    })
  }
}
