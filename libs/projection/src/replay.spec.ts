import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { EventFeed } from '#event-feed/event-feed'
import type { RecordedEvent } from '#event-store/event-store'
import { contents } from '#test/fixtures/ledger/contents'
import { type Fact, ledger, record } from '#test/fixtures/ledger/ledger'
import { type TestDatabase, testDatabase } from '#test/support/postgres'
import { find, onOneConnection, prepare } from './builds.js'
import { BULK, follow, LIVE, type Pace } from './follow.js'

const projection = ledger()
let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

const text = fc.constantFrom(
  '',
  'plain',
  'tab\tand\nline',
  'back\\slash',
  '"quotes", {braces}',
  "it's",
  'NULL',
  '\\N',
  'Ț€😀',
)
const stream = fc.constantFrom('coil-1', 'coil-2', 'coil-\\3', 'coil-"4",{}', 'coil-5\t')
const facts: fc.Arbitrary<{ stream: string; fact: Fact }[]> = fc.array(
  fc.record({
    stream,
    fact: fc.oneof<fc.Arbitrary<Fact>[]>(
      fc.record({ type: fc.constant('CoilReceived'), kg: fc.nat(20_000), location: text, tag: text }),
      fc.record({ type: fc.constant('CoilMoved'), to: text }),
      fc.record({ type: fc.constant('CoilHeld'), tag: text }),
      fc.record({ type: fc.constant('CoilScrapped') }),
      fc.record({ type: fc.constant('CoilDoomed') }),
    ),
  }),
  { minLength: 1, maxLength: 60 },
)
/** Where the feed cuts its batches, and how far it goes back after each. */
const delivery = fc.array(fc.record({ events: fc.integer({ min: 1, max: 12 }), back: fc.nat(6) }), { maxLength: 20 })

describe('the state after a replay', () => {
  beforeEach(() => database.pool.query('DROP SCHEMA IF EXISTS ledger CASCADE'))

  test('is the same however the events were batched, repeated and committed', async () => {
    await fc.assert(
      fc.asyncProperty(
        facts,
        delivery,
        fc.nat(40),
        fc.constantFrom(LIVE, BULK, small),
        fc.boolean(),
        async (all, cuts, few, pace, eager) => {
          const events = record(all)
          const expected = await stateAfter(events, [events], { ...BULK, eager: true })
          expect(await stateAfter(events, batches(events, cuts), { ...pace, eager, rows: few, keep: few })).toEqual(
            expected,
          )
        },
      ),
      { numRuns: 100 },
    )
  })
})

const small: Pace = { keep: 2, rows: 1, ms: 0, eager: true, tells: true }

async function stateAfter(events: readonly RecordedEvent[], batches: readonly RecordedEvent[][], pace: Pace) {
  await database.pool.query('DROP SCHEMA IF EXISTS ledger CASCADE')
  await onOneConnection(database.pool, async (client) => {
    await prepare(client, projection)
    const { build } = (await find(client, projection, 'live'))!
    const feed: EventFeed = {
      async *subscribe() {
        for (const batch of batches) {
          yield batch
          // The reader has its turn between batches, or it would see them all as one.
          await new Promise(setImmediate)
        }
      },
      head: async () => events.at(-1)!.position,
    }
    const signal = new AbortController().signal
    await follow({ client, projection, build, feed, signal, pace, committed() {} })
  })
  const { position } = (await find(database.pool, projection, 'live'))!
  expect(position).toBe(events.at(-1)!.position)
  return contents(database.pool, projection)
}

/** The events in pieces; after a piece the feed may go back some events and deliver them again. */
function batches(
  events: readonly RecordedEvent[],
  cuts: readonly { events: number; back: number }[],
): RecordedEvent[][] {
  const batches: RecordedEvent[][] = []
  let at = 0
  for (const cut of cuts) {
    if (at >= events.length) break
    batches.push(events.slice(at, at + cut.events))
    at = Math.max(0, at + cut.events - cut.back)
  }
  const rest = events.slice(Math.min(at, events.length))
  return rest.length ? [...batches, rest] : batches
}
