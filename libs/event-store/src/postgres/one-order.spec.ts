import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { type TestDatabase, testDatabase } from '#test/support/postgres'
import { event, follow, one, readAll, until } from '../contract/under-test.js'
import { ConflictError, type RecordedEvent } from '../event-store.js'
import type { PostgresEventStore } from './postgres-event-store.js'
import { storeInstances } from './store-instances.js'

describe('the PostgreSQL event store, one order of events for all its instances', () => {
  let database: TestDatabase
  let instances: ReturnType<typeof storeInstances>
  let store: PostgresEventStore
  beforeEach(async () => {
    database = await testDatabase()
    instances = storeInstances(database.url)
    store = instances.open()
    await store.migrate()
  })
  afterEach(async () => {
    await instances.closeAll()
    await database.drop()
  })

  it('can be set up by several processes at once, and again at any time', async () => {
    const fresh = await testDatabase()
    const others = storeInstances(fresh.url)
    const starting = Array.from({ length: 6 }, () => others.open())
    await Promise.all(starting.map((one) => one.migrate()))
    await starting[0]!.append([one('coil-1', 'none')])
    await Promise.all(starting.map((one) => one.migrate()))
    expect(await readAll(starting[5]!, 'coil-1')).toHaveLength(1)
    await others.closeAll()
    await fresh.drop()
  })

  it('lets racing instances count a stream up without a doubled or a lost step, and numbers events without a gap', async () => {
    const stores = [store, instances.open(), instances.open()]
    const lines = ['line-SL1', 'line-SL2']
    let won = 0
    let lost = 0
    await Promise.all(
      Array.from({ length: 12 }, async (_, i) => {
        const mine = stores[i % 3]!
        for (let step = 0; step < 25; ) {
          const stream = lines[(i + step) % 2]!
          const history = await readAll(mine, stream)
          try {
            await mine.append([one(stream, history.at(-1)?.revision ?? 'none'), one(`coil-${randomUUID()}`, 'none')])
            won++
            step++
          } catch (error) {
            if (!(error instanceof ConflictError)) throw error
            lost++
          }
        }
      }),
    )
    expect(won).toBe(300)
    expect(lost).toBeGreaterThan(0)
    const lengths = await Promise.all(lines.map(async (line) => (await readAll(store, line)).length))
    expect(lengths[0]! + lengths[1]!).toBe(300)
    const { rows } = await database.pool.query('SELECT position FROM event_store.events ORDER BY position')
    expect(rows.map((row) => Number(row.position))).toEqual(Array.from({ length: 600 }, (_, i) => i + 1))
  })

  it.each([
    `UPDATE event_store.events SET data = '{}'`,
    `UPDATE event_store.events SET data = '{}' WHERE false`,
    'DELETE FROM event_store.events',
    'TRUNCATE event_store.events',
    `INSERT INTO event_store.events SELECT * FROM event_store.events ON CONFLICT (position) DO UPDATE SET type = 'x'`,
  ])('refuses to change what was recorded: %s', async (statement) => {
    const { events } = await store.append([one('coil-1', 'none')])
    await expect(database.pool.query(statement)).rejects.toThrow(/events are never changed/)
    expect(await readAll(store, 'coil-1')).toEqual(events)
  })

  it('refuses an event whose id is recorded already, and only the append that holds it', async () => {
    const id = randomUUID()
    await store.append([{ stream: 'coil-1', expected: 'none', events: [{ ...event('CoilReceived'), id }] }])
    const appending = ['coil-2', 'coil-3', 'coil-4'].map((stream, i) =>
      store.append([
        { stream, expected: 'none', events: [{ ...event('CoilReceived'), id: i === 1 ? id : randomUUID() }] },
      ]),
    )
    const results = await Promise.allSettled(appending)
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    await expect(appending[1]).rejects.toMatchObject({ name: 'InvalidAppendError' })
    expect((await store.readMany([{ stream: 'coil-3' }])).get('coil-3')).toEqual([])
  })

  it('never records an event earlier than the one before, even if the clock of the server was set back', async () => {
    await database.pool.query(
      `INSERT INTO event_store.events VALUES (1, 'coil-1', 0, gen_random_uuid(), 'CoilCast', '{}', '{}', now() + interval '1 hour')`,
    )
    const { events } = await store.append([one('coil-2', 'none')])
    const [earlier] = await readAll(store, 'coil-1')
    expect(events[0]!.recordedAt).toEqual(earlier!.recordedAt)
  })

  it('wakes the readers of other instances at once, long before they would look by themselves', async () => {
    const seen: RecordedEvent[] = []
    const leaving = new AbortController()
    const following = follow(instances.open(), 0n, leaving.signal, (batch) => seen.push(...batch))
    await delay(300)
    const waits: number[] = []
    for (let i = 1; i <= 5; i++) {
      await delay(100)
      const begun = performance.now()
      await store.append([one(`coil-${i}`, 'none')])
      await until(() => seen.length === i)
      waits.push(performance.now() - begun)
    }
    leaving.abort()
    await following
    expect(Math.max(...waits)).toBeLessThan(400)
  })

  it('reads large events in pages that fit the memory', async () => {
    for (let i = 0; i < 2; i++) {
      // Random, so that the server cannot store it any smaller.
      const large = () => event('CoilInspected', { curve: randomBytes(450_000).toString('base64') })
      await store.append([{ stream: 'coil-1', expected: 'any', events: Array.from({ length: 25 }, large) }])
    }
    expect((await readAll(store, 'coil-1')).map((e) => e.revision)).toEqual([...Array(50).keys()])
    const leaving = new AbortController()
    const sizes: number[] = []
    await follow(store, 0n, leaving.signal, (batch) => {
      sizes.push(batch.length)
      if (batch.at(-1)!.revision === 49) leaving.abort()
    })
    expect(sizes.reduce((sum, size) => sum + size)).toBe(50)
    expect(Math.max(...sizes)).toBeLessThan(30)
  })
})
