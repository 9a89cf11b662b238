/** The one connection that a store instance writes through, and how to learn what became of a batch it broke off with. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Revision } from '../event-store.js'
import { plainArray, textArray } from './text-array.js'

/**
 * The plan of a statement is kept for the life of the connection. One made while the table was small would scan it
 * whole for ever, so scans are ruled out. A holder of the writer's lock that hangs is cut off by the server.
 * Acknowledged means on disk: a server that is set to be careless is overruled.
 */
const SESSION = `
SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off; SET jit = off;
SET idle_in_transaction_session_timeout = '5s'; SET lock_timeout = '10s'; SET statement_timeout = '30s';
SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`

const APPEND = {
  name: 'coiltrail_append',
  text: 'SELECT written, head, recorded_ms, actual FROM event_store.append($1, $2, $3, $4, $5, $6, $7, $8)',
}
const LOCK_AND_LOOK = { name: 'coiltrail_look', text: 'SELECT event_store.lock_and_look($1) AS revisions' }

export interface BatchToWrite {
  readonly streams: readonly string[]
  readonly presumed: readonly (Revision | null)[]
  readonly placeOf: readonly number[]
  readonly stepOf: readonly number[]
  readonly ids: readonly string[]
  readonly types: readonly string[]
  readonly data: readonly string[]
  readonly metadata: readonly string[]
}

export interface Written {
  /** Position before the first event of the batch. */
  readonly head: bigint
  readonly recordedAt: Date
  /** Last revision before the batch, in the order of the batch's streams; -1 for none. */
  readonly bases: readonly Revision[]
}

export class WriterConnection {
  /** By this name the server knows the connection, and a successor can have it ended. */
  readonly name = `coiltrail writer ${randomUUID()}`
  readonly #client: pg.Client
  #broken = false

  constructor(settings: pg.PoolOptions) {
    this.#client = new pg.Client({
      ...settings,
      password: settings.password, // pg hides it from the spread
      application_name: this.name,
      keepAlive: true,
      connectionTimeoutMillis: 3_000,
      // Above every limit that the server keeps: only a server that fell silent meets it.
      query_timeout: 40_000,
    })
    this.#client.on('error', () => {
      this.#broken = true
    })
    this.#client.on('end', () => {
      this.#broken = true
    })
  }

  get broken(): boolean {
    return this.#broken
  }

  async open(): Promise<void> {
    await this.#client.connect()
    await this.#client.query(SESSION)
  }

  /** Undefined, and nothing written, if a stream is not where it was presumed. */
  async write(batch: BatchToWrite): Promise<Written | undefined> {
    const { rows } = await this.#client.query({
      ...APPEND,
      values: [
        textArray(batch.streams),
        plainArray(batch.presumed),
        plainArray(batch.placeOf),
        plainArray(batch.stepOf),
        plainArray(batch.ids),
        textArray(batch.types),
        textArray(batch.data),
        textArray(batch.metadata),
      ],
    })
    const { written, head, recorded_ms, actual } = rows[0]
    if (!written) return undefined
    return { head: BigInt(head), recordedAt: new Date(Number(recorded_ms)), bases: actual }
  }

  /** Runs `work` with the writer's lock held; `work` gets the streams' last revisions, which stay true meanwhile. */
  async locked<R>(streams: readonly string[], work: (bases: ReadonlyMap<string, Revision>) => Promise<R>): Promise<R> {
    await this.#client.query('BEGIN')
    try {
      const { rows } = await this.#client.query({ ...LOCK_AND_LOOK, values: [textArray(streams)] })
      const bases: Revision[] = rows[0].revisions
      const result = await work(new Map(streams.map((stream, i) => [stream, bases[i]!])))
      await this.#client.query('COMMIT')
      return result
    } catch (error) {
      await this.#client.query('ROLLBACK').catch(() => {})
      throw error
    }
  }

  /**
   * What another connection, now broken, has recorded of these events. It is ended first, and waited for, lest its
   * last statement take effect after the answer.
   */
  async recordedBy(
    name: string,
    ids: readonly string[],
  ): Promise<Map<string, { position: bigint; stream: string; revision: Revision; recordedAt: Date }>> {
    const alive = 'SELECT pg_terminate_backend(pid, 3000) AS ended FROM pg_stat_activity WHERE application_name = $1'
    const { rows: ended } = await this.#client.query(alive, [name])
    if (ended.some((row) => !row.ended)) throw new Error('the broken connection is still at work in the server')
    const { rows } = await this.#client.query(
      `SELECT position, stream, revision, id, extract(epoch FROM recorded_at) * 1000 AS ms
       FROM event_store.events WHERE id = ANY ($1)`,
      [plainArray(ids)],
    )
    return new Map(
      rows.map((row) => [
        row.id,
        {
          position: BigInt(row.position),
          stream: row.stream,
          revision: row.revision,
          recordedAt: new Date(Number(row.ms)),
        },
      ]),
    )
  }

  /** Without waiting for the server: it may be the one that does not answer. */
  abandon(): void {
    this.#broken = true
    this.#client.end().catch(() => {})
  }

  async close(): Promise<void> {
    await this.#client.end()
  }
}
