import { Logger } from '@nestjs/common'
import pg from 'pg'

/** For pools whose every query takes milliseconds: one that nothing is heard of for so long has lost its network. */
export const SILENCE_MS = 15_000

/**
 * A pool that outlives the loss of its database: broken connections are dropped, the next query opens a new one.
 * @param silenceMs a query without an answer for so long fails as if the connection had broken; without it one on a
 *   network that fell silent waits for as long as the operating system does, a quarter of an hour
 */
export function makePool(url: string, name: string, max: number, silenceMs?: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: `coiltrail ${name}`,
    max,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    ...(silenceMs !== undefined && { query_timeout: silenceMs }),
  })
  const logger = new Logger('PostgreSQL')
  pool.on('error', (error) => logger.warn(`A connection of ${name} was lost: ${error.message}`))
  return pool
}
