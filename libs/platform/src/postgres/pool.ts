import { Logger } from '@nestjs/common'
import pg from 'pg'

/** A pool that outlives the loss of its database: broken connections are dropped, the next query opens a new one. */
export function makePool(url: string, name: string, max: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: `coiltrail ${name}`,
    max,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  })
  const logger = new Logger('PostgreSQL')
  pool.on('error', (error) => logger.warn(`A connection of ${name} was lost: ${error.message}`))
  return pool
}
