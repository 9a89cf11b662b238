import type { RecordedEvent, StreamRead } from '#event-store/event-store'
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store'
import { type TestDatabase, testDatabase } from '#test/support/postgres'
import { AccessLog, note } from './access-log.js'
import { prepareIdentity } from './tables.js'

const day = '2026-11-07'
const refusal = (permission: string) =>
  ({
    type: 'AccessRefused',
    data: { day, name: 'Gate 2', role: 'operator', permission, rule: 'not-allowed', times: 1, address: '192.0.2.7' },
  }) as const

/** How many events each reading brought. */
class Watched extends PostgresEventStore {
  readonly readings: number[] = []

  override async readMany(reads: readonly StreamRead[]): Promise<ReadonlyMap<string, readonly RecordedEvent[]>> {
    const found = await super.readMany(reads)
    this.readings.push([...found.values()].flat().length)
    return found
  }
}

describe('What happened at the door', () => {
  let database: TestDatabase
  let store: Watched
  const started: AccessLog[] = []
  beforeEach(async () => {
    database = await testDatabase()
    await prepareIdentity(database.pool, async () => {})
    store = new Watched(database.pool)
    await store.migrate()
  })
  afterEach(async () => {
    for (const log of started.splice(0)) await log.onApplicationShutdown()
    await store.close()
    await database.drop()
  })
  const start = () => {
    const log = new AccessLog(database.pool, store)
    started.push(log)
    log.onApplicationBootstrap()
    return log
  }
  const untilCarried = async () => {
    const waiting = () => database.pool.query('SELECT 1 FROM identity.unrecorded_fact')
    while ((await waiting()).rowCount) await new Promise((resolve) => setTimeout(resolve, 10))
  }
  const recorded = async () => (await store.readMany([{ stream: `refusals-${day}` }])).get(`refusals-${day}`)!

  it('is recorded without reading again and again what was recorded of the same day', async () => {
    const log = start()
    for (let n = 0; n < 20; n++) {
      await log.within((client) => note(client, refusal(`p-${n}`)))
      await untilCarried()
    }
    expect(store.readings.reduce((sum, events) => sum + events)).toBe(0)
    const order = (await recorded()).map(({ data }) => (data as { permission: string }).permission)
    expect(order).toEqual(Array.from({ length: 20 }, (_, n) => `p-${n}`))
  })

  it('is recorded once, though a process ended between recording it and striking it out', async () => {
    const first = start()
    for (const permission of ['p-1', 'p-2']) await first.within((client) => note(client, refusal(permission)))
    await untilCarried()
    await first.onApplicationShutdown()
    for (const { id, type, data, metadata } of await recorded()) {
      const columns = 'INSERT INTO identity.unrecorded_fact (id, type, data, metadata) VALUES ($1, $2, $3, $4)'
      await database.pool.query(columns, [id, type, data, metadata])
    }
    await start().within((client) => note(client, refusal('p-3')))
    await untilCarried()
    expect(await recorded()).toHaveLength(3)
  })
})
