import fc from 'fast-check'
import { inventory } from '#apps/inventory/src/projection/inventory.projection'
import { throughputProjection } from '#apps/throughput/src/projection/throughput.projection'
import type { EventFeed } from '#event-feed/event-feed'
import type { EventStore, RecordedEvent } from '#event-store/event-store'
import { EVENT_STORE } from '#platform/store'
import { find, onOneConnection, prepare } from '#projection/builds'
import { BULK, follow, LIVE, type Pace } from '#projection/follow'
import type { Projection } from '#projection/projection'
import { PlantTime } from '../simulate/clock.js'
import { PlantClient } from '../simulate/plant-client.js'
import { livePlant } from '../simulate/plant-life.js'
import { type TestApp, testApp } from '../support/app.js'
import { type TestDatabase, testDatabase } from '../support/postgres.js'
import { caughtUp, rebuilt, tablesOf } from '../support/read-models.js'

const seed = Date.now() % 1_000_000

describe(`The read models of a plant that lived (seed ${seed})`, () => {
  let plant: TestApp
  let events: RecordedEvent[]
  beforeAll(async () => {
    plant = await testApp()
    const { signal } = new AbortController()
    const client = new PlantClient(plant.url, plant.token, signal)
    const time = new PlantTime(new Date(Date.now() - 3 * 86_400_000), Number.POSITIVE_INFINITY, signal)
    await livePlant({ seed, coils: 16, tag: 'SIM', crews: 6, onCoils: () => {} }, client, time, signal)
    await caughtUp(plant.http)
    events = await history(plant.app.get<EventStore>(EVENT_STORE))
  }, 240_000)
  afterAll(() => plant.close())

  it.each(['inventory', 'throughput'])(
    '%s is the same after a rebuild, and is asked all the while',
    async (name) => {
      const before = await tablesOf(plant.database.pool, name)
      let rebuilding = true
      const answers = new Set<string>()
      const asking = async () => {
        while (rebuilding) {
          const path =
            name === 'inventory' ? '/api/stock?q=SIM&limit=200&sort=coil' : '/api/throughput?by=line,day,owner'
          const { status, body } = await plant.http.get(path)
          answers.add(`${status} ${JSON.stringify(body)}`)
        }
      }
      const asked = asking()
      await rebuilt(plant.http, name).finally(() => {
        rebuilding = false
      })
      await asked
      expect(await tablesOf(plant.database.pool, name)).toEqual(before)
      expect([...answers].map((answer) => answer.slice(0, 4))).toEqual(['200 '])
    },
    240_000,
  )

  it.each([
    ['inventory', inventory],
    ['throughput', throughputProjection],
  ])(
    '%s is the same however its events come in pieces, again, and in what commits',
    async (name, projection) => {
      const expected = await tablesOf(plant.database.pool, name)
      const database = await testDatabase()
      try {
        await fc.assert(
          fc.asyncProperty(delivery, fc.constantFrom(LIVE, BULK, SMALL), fc.boolean(), async (cuts, pace, eager) => {
            await database.pool.query(`DROP SCHEMA IF EXISTS ${name} CASCADE`)
            await project(database, projection, batches(events, cuts), { ...pace, eager })
            expect(await tablesOf(database.pool, name)).toEqual(expected)
          }),
          { numRuns: 8, interruptAfterTimeLimit: 120_000 },
        )
      } finally {
        await database.drop()
      }
    },
    240_000,
  )
})

/** Forgets rows between commits, and commits often. */
const SMALL: Pace = { keep: 40, rows: 25, ms: 0, eager: true, tells: true }
/** Where the feed cuts its batches, and how far it goes back after each. */
const delivery = fc.array(fc.record({ events: fc.integer({ min: 1, max: 200 }), back: fc.nat(60) }), { maxLength: 30 })

async function history(store: EventStore): Promise<RecordedEvent[]> {
  const head = await store.head()
  const all: RecordedEvent[] = []
  for await (const events of store.subscribe(0n, new AbortController().signal)) {
    all.push(...events)
    if (all.at(-1)!.position >= head) break
  }
  return all
}

async function project(
  { pool }: TestDatabase,
  projection: Projection,
  batches: readonly (readonly RecordedEvent[])[],
  pace: Pace,
): Promise<void> {
  const feed: EventFeed = {
    async *subscribe() {
      for (const batch of batches) {
        yield batch
        // The reader has its turn between batches, or it would see them all as one.
        await new Promise(setImmediate)
      }
    },
    head: async () => batches.at(-1)!.at(-1)!.position,
  }
  await onOneConnection(pool, async (client) => {
    await prepare(client, projection)
    const { build } = (await find(client, projection, 'live'))!
    await follow({ client, projection, build, feed, signal: new AbortController().signal, pace, committed() {} })
  })
}

/** The events in pieces; after a piece the feed may go back some events and deliver them again. */
function batches(events: readonly RecordedEvent[], cuts: readonly { events: number; back: number }[]) {
  const batches: (readonly RecordedEvent[])[] = []
  let at = 0
  for (const cut of cuts) {
    if (at >= events.length) break
    batches.push(events.slice(at, at + cut.events))
    at = Math.max(0, at + cut.events - cut.back)
  }
  const rest = events.slice(Math.min(at, events.length))
  return rest.length > 0 ? [...batches, rest] : batches
}
