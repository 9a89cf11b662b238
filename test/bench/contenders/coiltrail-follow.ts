/** A read model that follows live, event after event as they come: by way of Kafka, or the store's own subscription. */
import { Logger } from '@nestjs/common'
import { inventory } from '#apps/inventory/src/projection/inventory.projection'
import { throughputProjection } from '#apps/throughput/src/projection/throughput.projection'
import type { EventFeed, Offsets } from '#event-feed/event-feed'
import { KafkaFeed } from '#event-feed/kafka/kafka-feed'
import { StoreFeed } from '#event-feed/store-feed'
import { START } from '#event-store/event-store'
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store'
import { makePool } from '#platform/postgres/pool'
import { listParked } from '#projection/parked'
import { type Applied, ProjectionRunner } from '#projection/runner'
import { PARTITIONS } from '../broker.js'
import { contend } from '../contender.js'
import type { Rate } from '../rate.js'
import { stockProjection } from './stock.js'

/** From the first event on, into new tables. */
export interface Follow {
  readonly projection: string
  /** Of the read model. */
  readonly databaseUrl: string
  /** With the first so many events at least; the store's own subscription when left out. */
  readonly topic?: { readonly brokers: string; readonly name: string }
  /** Ends with these, or when the time is over. */
  readonly events: number
  readonly seconds: number
}

const PROJECTIONS = [inventory, throughputProjection, stockProjection]
const PATIENCE_MS = 30_000
/** An event store that knows of nothing: the runner has no history to take in bulk, the feed nothing to fill gaps with. */
const nothing: EventFeed = { async *subscribe() {}, head: async () => START }
/** Without a store, nobody can tell since when. */
const FROM_THE_FIRST: Offsets = new Map(Array.from({ length: PARTITIONS }, (_, partition) => [partition, -1n]))

contend(async (databaseUrl) => {
  Logger.overrideLogger(false)
  const eventsPool = makePool(databaseUrl, 'bench', 8)
  const store = new PostgresEventStore(eventsPool)
  await store.migrate()
  const feed = new StoreFeed(store)

  async function follow({ projection: name, databaseUrl, topic, events, seconds }: Follow): Promise<Rate> {
    const projection = PROJECTIONS.find((known) => known.name === name)!
    const pool = makePool(databaseUrl, 'bench', 8)
    const live = topic ? kafkaAlone(topic, `${topic.name}.${name}`) : feed
    try {
      await pool.query(`DROP SCHEMA IF EXISTS ${projection.name} CASCADE`)
      const runner = new ProjectionRunner(projection, { pool, feed: nothing, live, reader: store })
      const rate = rateOfRunner(runner, events, seconds)
      // It is of no interest when the runner cannot start.
      rate.catch(() => {})
      await runner.start()
      try {
        const measured = await rate
        const [parked] = await listParked(pool, projection)
        if (parked) throw new Error(`${parked.stream} is parked in ${name}: ${parked.error}`)
        return measured
      } finally {
        await runner.stop()
      }
    } finally {
      await pool.end()
    }
  }

  return {
    tasks: { follow },
    async close() {
      await store.close()
      await eventsPool.end()
    },
  }
})

/** Kafka brings every event, or nobody. */
function kafkaAlone({ brokers, name }: { brokers: string; name: string }, group: string): EventFeed {
  const settings = { brokers: brokers.split(','), topic: name, tls: false, group }
  const feed = new KafkaFeed(settings, nothing, { warn() {}, debug() {} })
  return {
    subscribe: (after, signal) => feed.subscribe(after, signal, FROM_THE_FIRST),
    head: () => feed.head(),
    applied: (offsets) => feed.applied(offsets),
  }
}

/** From the end of its first commit: it joins a group, and makes its tables, once in its life. */
async function rateOfRunner(runner: ProjectionRunner, events: number, seconds: number): Promise<Rate> {
  const done = Promise.withResolvers<Rate>()
  const late = setTimeout(() => done.reject(new Error('no events came')), seconds * 1000 + PATIENCE_MS)
  let begun: number | undefined
  let first = 0
  let rest = 0
  const count = ({ events: { length } }: Applied) => {
    const now = performance.now()
    if (begun === undefined) {
      begun = now
      first = length
      return
    }
    rest += length
    if (first + rest < events && now < begun + seconds * 1000) return
    done.resolve({ perSecond: Math.round(rest / ((now - begun) / 1000)), p50: null, p99: null })
  }
  const end = runner.onApplied(count)
  try {
    return await done.promise
  } finally {
    clearTimeout(late)
    end()
  }
}
