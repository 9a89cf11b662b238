/**
 * One PostgreSQL for a whole Jest run: `DATABASE_URL` if that is set, an embedded one otherwise. And one Kafka, when a
 * spec asks for it.
 */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import './typescript.mjs'

export default async function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'coiltrail-run-'))
  process.env.COILTRAIL_NOT_RUN = join(folder, 'not-run.jsonl')
  writeFileSync(process.env.COILTRAIL_NOT_RUN, '')
  const { kafkaOnDemand } = await import('./throw-away-kafka.ts')
  globalThis.coiltrailTestKafka = await kafkaOnDemand()
  process.env.COILTRAIL_TEST_KAFKA = globalThis.coiltrailTestKafka.url
  if (process.env.DATABASE_URL) {
    process.env.COILTRAIL_TEST_POSTGRES = process.env.DATABASE_URL
    return
  }
  const { startThrowAwayPostgres } = await import('./throw-away-postgres.ts')
  const server = await startThrowAwayPostgres()
  process.env.COILTRAIL_TEST_POSTGRES = server.url
  globalThis.coiltrailTestPostgres = server
}
