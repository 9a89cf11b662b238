/**
 * The client of Kafka alone: the messages that the relay sends, made beforehand, batch after batch of the same size,
 * each acknowledged by all replicas before the next. No relay that keeps events in order can be faster than this.
 */
import { CompressionTypes, Kafka, logLevel, type Message, Partitioners } from 'kafkajs'
import { messageOf } from '#event-feed/kafka/message'
import { type Position, START } from '#event-store/event-store'
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store'
import { makePool } from '#platform/postgres/pool'
import { PARTITIONS } from '../broker.js'
import { contend } from '../contender.js'
import { rateOf } from '../rate.js'

interface Produce {
  readonly brokers: string
  readonly topic: string
  readonly seconds: number
}

/** That of the relay. */
const BATCH = 1_000
/** Sent again and again. */
const BATCHES = 30

contend(async (databaseUrl) => {
  const batches = await batchesOf(databaseUrl)
  return {
    tasks: {
      async produce({ brokers, topic, seconds }: Produce) {
        const kafka = new Kafka({ clientId: 'bench', brokers: brokers.split(','), logLevel: logLevel.NOTHING })
        const admin = kafka.admin()
        const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
        try {
          await admin.connect()
          await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }], waitForLeaders: true })
          await producer.connect()
          let turn = 0
          const send = () => {
            const messages = batches[turn++ % batches.length]!
            return producer.send({ topic, messages, acks: -1, compression: CompressionTypes.None })
          }
          return await rateOf(send, { inFlight: 1, seconds }, batches[0]!.length)
        } finally {
          await producer.disconnect()
          await admin.disconnect()
        }
      },
    },
    async close() {},
  }
})

/** Whole ones, and one at least. */
async function batchesOf(databaseUrl: string): Promise<Message[][]> {
  const pool = makePool(databaseUrl, 'bench', 2)
  const store = new PostgresEventStore(pool)
  const messages: Message[] = []
  let previous: Position = START
  const head = await store.head()
  for await (const events of store.subscribe(START, AbortSignal.timeout(60_000))) {
    for (const event of events) {
      messages.push(messageOf(event, previous))
      previous = event.position
    }
    if (previous >= head || messages.length >= BATCH * BATCHES) break
  }
  await store.close()
  await pool.end()
  const count = Math.max(1, Math.min(BATCHES, Math.floor(messages.length / BATCH)))
  return Array.from({ length: count }, (_, i) => messages.slice(i * BATCH, (i + 1) * BATCH))
}
