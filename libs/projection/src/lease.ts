/** A connection that holds a named right of one process at a time; PostgreSQL takes the right back with the connection. */
import type { Pool, PoolClient } from 'pg'
import { pause } from './backoff.js'

/** How often PostgreSQL is asked, on another connection, whether this one still has the right. */
const WATCH_MS = 5_000
const ANSWER_MS = 5_000

const TAKE = 'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken, pg_backend_pid() AS pid'
/** A process whose machine is gone without a word must not hold a right for the hours of a system's default. */
const NOTICE_ABSENCE = 'SET tcp_keepalives_idle = 3; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3'
const HELD = `SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted
     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
     AND (classid::bigint << 32) | objid::bigint = hashtextextended($1, 0) AND pid = coalesce($2, pid)) AS taken`

export class Lease {
  private readonly gone = new AbortController()
  private ended = false

  private constructor(
    readonly client: PoolClient,
    private readonly pool: Pool,
    private readonly name: string,
  ) {
    client.on('error', (error) => this.gone.abort(error))
    client.on('end', () => this.gone.abort(new Error('the connection ended')))
  }

  /** Aborts when the connection is lost, and with it the right. */
  get lost(): AbortSignal {
    return this.gone.signal
  }

  /** Undefined when another process holds it. */
  static async tryTake(pool: Pool, name: string): Promise<Lease | undefined> {
    const client = await pool.connect()
    const lease = new Lease(client, pool, name)
    try {
      const { rows } = await client.query(TAKE, [name])
      if (rows[0].taken) {
        await client.query(NOTICE_ABSENCE)
        void lease.watch(rows[0].pid)
        return lease
      }
      lease.end()
      return undefined
    } catch (error) {
      lease.end()
      throw error
    }
  }

  /** Whether some process holds it. */
  static async isTaken(pool: Pool, name: string): Promise<boolean> {
    const { rows } = await pool.query(HELD, [name, null])
    return rows[0].taken
  }

  /** Closes the connection: nothing of it may be left to the next who borrows it. */
  end(): void {
    if (this.ended) return
    this.ended = true
    this.gone.abort(new Error('the right was given back'))
    this.client.release(true)
  }

  /**
   * A connection that PostgreSQL has ended, or that a firewall has forgotten, says nothing to whoever waits for its
   * answer, for a quarter of an hour: another process has the right by then, and this one would not know.
   */
  private async watch(pid: number): Promise<void> {
    for (;;) {
      await pause(WATCH_MS, this.lost)
      if (this.lost.aborted) return
      if (await this.isHeldBy(pid)) continue
      this.gone.abort(new Error('PostgreSQL has ended the connection'))
      // Breaks off what waits for an answer on it.
      this.end()
      return
    }
  }

  /** Also while nobody can be asked: then it may be, and whoever writes will see. */
  private async isHeldBy(pid: number): Promise<boolean> {
    const question = { text: HELD, values: [this.name, pid], query_timeout: ANSWER_MS }
    return this.pool.query(question).then(
      ({ rows }) => rows[0].taken,
      () => true,
    )
  }
}
