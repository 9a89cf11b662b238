/** Our relay as the product runs it: the lease, the topic, the checkpoint, and one batch after another. */
import { setTimeout as sleep } from 'node:timers/promises'
import { migrateCheckpoints } from '#apps/relay/src/checkpoint'
import { Relay } from '#apps/relay/src/relay'
import { StoreFeed } from '#event-feed/store-feed'
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store'
import { makePool } from '#platform/postgres/pool'
import { PARTITIONS } from '../broker.js'
import { contend } from '../contender.js'
import type { Rate } from '../rate.js'

/** From the first event of the store into a new topic. */
export interface Publish {
  readonly brokers: string
  readonly topic: string
  /** Ends with these, or when the time is over. */
  readonly events: number
  readonly seconds: number
}

const PATIENCE_MS = 30_000
const LOOK_MS = 5

contend(async (databaseUrl) => {
  const pool = makePool(databaseUrl, 'bench', 8)
  const store = new PostgresEventStore(pool)
  await store.migrate()
  await migrateCheckpoints(pool)

  async function publish({ brokers, topic, events, seconds }: Publish): Promise<Rate> {
    const interruptions: string[] = []
    const told = (sentence: string) => interruptions.push(sentence)
    const relay = new Relay({
      settings: { brokers: brokers.split(','), topic, partitions: PARTITIONS, retentionDays: 7, tls: false },
      ...{ pool, feed: new StoreFeed(store) },
      logger: { log() {}, debug() {}, warn: told, error: told },
    })
    const until = async (isReached: () => boolean, ms: number) => {
      for (const end = performance.now() + ms; !isReached() && performance.now() < end; ) await sleep(LOOK_MS)
    }
    const { speed } = relay
    relay.start()
    try {
      await until(() => relay.state === 'active', PATIENCE_MS)
      const begun = performance.now()
      await until(() => speed.published >= events, seconds * 1000)
      // One batch at least, however short the time.
      await until(() => speed.published > 0, PATIENCE_MS)
      const perSecond = Math.round(speed.published / ((performance.now() - begun) / 1000))
      if (interruptions.length > 0) throw new Error(`the relay was interrupted: ${interruptions.join(' ')}`)
      return { perSecond, p50: null, p99: null }
    } finally {
      await relay.stop()
    }
  }

  return {
    tasks: { publish },
    async close() {
      await store.close()
      await pool.end()
    },
  }
})
