/**
 * Appends to three new streams at a time, for ever, and prints the name of each append once it is acknowledged. A
 * process for a spec to kill: `node --import ./test/support/typescript.mjs endless-appender.ts <database url>`
 */
import { randomUUID } from 'node:crypto'
import { writeSync } from 'node:fs'
import pg from 'pg'
import { PostgresEventStore } from './postgres-event-store.js'

const store = new PostgresEventStore(new pg.Pool({ connectionString: process.argv[2] }))

async function appendForEver(): Promise<never> {
  while (true) {
    const slit = randomUUID()
    const events = [{ type: 'CoilProduced', data: { slit } }]
    await store.append(['a', 'b', 'c'].map((child) => ({ stream: `coil-${slit}-${child}`, expected: 'none', events })))
    writeSync(1, `${slit}\n`)
  }
}

await Promise.all(Array.from({ length: 20 }, appendForEver))
