/** One PostgreSQL for a whole Jest run: `DATABASE_URL` if that is set, an embedded one otherwise. */
import './typescript.mjs'

export default async function setUp() {
  if (process.env.DATABASE_URL) {
    process.env.COILTRAIL_TEST_POSTGRES = process.env.DATABASE_URL
    return
  }
  const { startThrowAwayPostgres } = await import('./throw-away-postgres.ts')
  const server = await startThrowAwayPostgres()
  process.env.COILTRAIL_TEST_POSTGRES = server.url
  globalThis.coiltrailTestPostgres = server
}
