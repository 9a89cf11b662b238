/** A database of its own for each spec, on the one PostgreSQL that the Jest run has. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'

export interface TestDatabase {
  readonly url: string
  readonly pool: pg.Pool
  /** Ends the pool and removes the database, whoever is still connected to it. */
  drop(): Promise<void>
}

export async function testDatabase(): Promise<TestDatabase> {
  const server = process.env.COILTRAIL_TEST_POSTGRES
  if (!server) throw new Error('No PostgreSQL for this run: specs need the globalSetup of jest.config.mjs')
  const name = `test_${randomBytes(8).toString('hex')}`
  await onServer(server, `CREATE DATABASE ${name}`)
  const address = new URL(server)
  address.pathname = `/${name}`
  const pool = new pg.Pool({ connectionString: address.href, max: 20 })
  // An idle connection that the server ended is of no interest to a spec: the next query opens a new one.
  pool.on('error', () => {})
  return {
    url: address.href,
    pool,
    async drop() {
      await pool.end()
      await onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    },
  }
}

async function onServer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
