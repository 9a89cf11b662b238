/** A connection that holds a named right of one process at a time; PostgreSQL takes the right back with the connection. */
import type { Pool, PoolClient } from 'pg'

export class Lease {
  private readonly gone = new AbortController()

  private constructor(readonly client: PoolClient) {
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
    const lease = new Lease(client)
    try {
      const { rows } = await client.query('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken', [name])
      if (rows[0].taken) return lease
      lease.end()
      return undefined
    } catch (error) {
      lease.end()
      throw error
    }
  }

  /** Whether some process holds it. */
  static async isTaken(pool: Pool, name: string): Promise<boolean> {
    const { rows } = await pool.query(
      `SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND (classid::bigint << 32) | objid::bigint = hashtextextended($1, 0)) AS taken`,
      [name],
    )
    return rows[0].taken
  }

  /** Closes the connection: nothing of it may be left to the next who borrows it. */
  end(): void {
    this.client.release(true)
  }
}
