/** A topic of a spec's own, and what a relay writes there: every event of a store, or only some, or some twice. */
import { Kafka, logLevel, Partitioners, type Producer } from 'kafkajs'
import { messageOf } from '#event-feed/kafka/message'
import type { EventStore, Position, RecordedEvent } from '#event-store/event-store'
import { ownName } from './kafka.js'

export interface TestTopic {
  readonly kafka: Kafka
  readonly name: string
  /** Every event of the store, each with the position of the one before it. */
  linked(store: EventStore): Promise<{ event: RecordedEvent; previous: Position }[]>
  publish(events: readonly { event: RecordedEvent; previous: Position }[]): Promise<void>
  remove(): Promise<void>
}

export async function testTopic(brokers: string, partitions = 6): Promise<TestTopic> {
  const kafka = new Kafka({ clientId: 'spec', brokers: brokers.split(','), logLevel: logLevel.NOTHING })
  const name = ownName('events')
  const admin = kafka.admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic: name, numPartitions: partitions }], waitForLeaders: true })
  const producer: Producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  await producer.connect()
  return {
    kafka,
    name,
    async linked(store) {
      const head = await store.head()
      const all: { event: RecordedEvent; previous: Position }[] = []
      if (head === 0n) return all
      for await (const events of store.subscribe(0n, AbortSignal.timeout(20_000))) {
        for (const event of events) all.push({ event, previous: all.at(-1)?.event.position ?? 0n })
        if (events.at(-1)!.position >= head) break
      }
      return all
    },
    async publish(events) {
      const messages = events.map(({ event, previous }) => messageOf(event, previous))
      await producer.send({ topic: name, acks: -1, messages })
    },
    async remove() {
      await producer.disconnect()
      await admin.deleteTopics({ topics: [name] }).catch(() => {})
      await admin.disconnect()
    },
  }
}
