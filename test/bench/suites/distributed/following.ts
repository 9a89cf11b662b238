/** From the topic to the rows of a read model, live, beside the same read model on the store's own subscription. */
import type { TestDatabase } from '../../../support/postgres.js'
import type { Bench } from '../../bench.js'
import type { Broker } from '../../broker.js'
import type { Follow } from '../../contenders/coiltrail-follow.js'
import type { Publish } from '../../contenders/coiltrail-relay.js'
import { OURS } from '../../results.js'

const PROJECTIONS = [
  ['bench_stock', 'a simple projection'],
  ['inventory', 'the inventory'],
  ['throughput', 'the throughput'],
] as const

/** More than any of them follows in a second. */
const EVENTS_PER_SECOND = 60_000
const LONG_SECONDS = 600

export async function benchFollowing(bench: Bench, broker: Broker, plant: TestDatabase): Promise<void> {
  const { brokers } = broker
  const name = broker.topic()
  const events = await publishSome(bench, brokers, name, plant)
  const follower = await bench.contender('coiltrail-follow', plant.url)
  const { url: databaseUrl } = await bench.database()
  for (const [projection, words] of PROJECTIONS) {
    const follow = (more: Partial<Follow>) => (seconds: number) =>
      follower.ask<Follow>('follow', { projection, databaseUrl, events, seconds, ...more })
    await bench.takeTurns(`follow with ${words}, live`, 'events', [
      { who: OURS, run: follow({ topic: { brokers, name } }) },
      { who: 'Coiltrail, from the store itself', run: follow({}) },
    ])
  }
  await follower.stop()
}

/** @returns how many of the store's first events are on the topic for sure */
async function publishSome(bench: Bench, brokers: string, topic: string, plant: TestDatabase): Promise<number> {
  const { rows } = await plant.pool.query('SELECT count(*)::int AS events FROM event_store.events')
  const events = Math.min(rows[0].events, Math.ceil(EVENTS_PER_SECOND * bench.options.seconds))
  const relay = await bench.contender('coiltrail-relay', plant.url)
  await relay.tell<Publish>('publish', { brokers, topic, events, seconds: LONG_SECONDS })
  await relay.stop()
  return events
}
