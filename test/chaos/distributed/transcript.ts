/** Everything that was ever on the topic, also of what it has lost since, and the proof that it is what the store has. */
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Kafka, KafkaMessage } from 'kafkajs'
import { eventOf, type LinkedEvent } from '#event-feed/kafka/message'
import { ownName } from '../../support/kafka.js'
import type { Stored } from '../proofs.js'

/** Partition -> offset of the next message there. */
export type Ends = ReadonlyMap<number, bigint>

/** The messages of one topic of that name, by partition, in their order. */
type Life = Map<number, KafkaMessage[]>

const READ_WITHIN_MS = 60_000
const ATTEMPTS = 5

export class Transcript {
  private readonly lives: Life[] = [new Map()]
  private read = new Map<number, bigint>()

  constructor(
    private readonly kafka: Kafka,
    private readonly topic: string,
  ) {}

  /** Takes down what came since the last time; answers up to where. */
  async readOn(): Promise<Ends> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.tryToReadOn()
      } catch (error) {
        if (attempt === ATTEMPTS) throw error
        await sleep(500 * attempt)
      }
    }
  }

  /** The topic was deleted: what comes now is another one of its name. */
  beginAnew(): void {
    this.lives.push(new Map())
    this.read = new Map()
  }

  /** How many events of the present topic stand behind a position. */
  behind(position: bigint): number {
    return new Set(this.positions().filter((one) => one > position)).size
  }

  /** The furthest that the present topic has come. */
  reached(): bigint {
    return (
      this.positions()
        .sort((a, b) => (a < b ? -1 : 1))
        .at(-1) ?? 0n
    )
  }

  /** Every event of the store was published, with its place in the one order; each stream in order, repeats dropped. */
  prove(history: readonly Stored[], lost: string[], disorder: string[]): { messages: number; repeated: number } {
    const links = new Map(history.map((event, i) => [event.id, { event, previous: history[i - 1]?.position ?? 0n }]))
    const published = new Set<string>()
    let messages = 0
    let repeated = 0
    for (const life of this.lives) {
      const revisions = new Map<string, number>()
      const partitions = new Map<string, number>()
      for (const [partition, found] of life) {
        for (const message of found) {
          const event = eventOf(message)
          messages++
          const where = `topic partition ${partition}, offset ${message.offset}: ${event.stream} ${event.revision}`
          const link = links.get(event.id)
          if (!link || !isSame(event, link.event)) disorder.push(`${where} is not what the store has`)
          else if (event.previous !== link.previous)
            disorder.push(`${where} follows ${event.previous}, in the store ${link.previous}`)
          if ((partitions.get(event.stream) ?? partition) !== partition) disorder.push(`${where}: another partition`)
          partitions.set(event.stream, partition)
          const last = revisions.get(event.stream) ?? -1
          if (event.revision > last + 1) disorder.push(`${where} came after ${last}`)
          if (event.revision <= last) repeated++
          revisions.set(event.stream, Math.max(last, event.revision))
          published.add(event.id)
        }
      }
    }
    for (const { id, stream, revision } of history) {
      if (!published.has(id)) lost.push(`${stream} ${revision} was never published`)
    }
    return { messages, repeated }
  }

  private positions(): bigint[] {
    return [...this.lives.at(-1)!.values()].flat().map((message) => eventOf(message).position)
  }

  private async tryToReadOn(): Promise<Ends> {
    const offsets = await this.offsets()
    const ends = new Map(offsets.map(({ partition, high }) => [partition, BigInt(high)]))
    const from = new Map<number, bigint>()
    for (const { partition, low, high } of offsets) {
      const next = this.read.get(partition) ?? 0n
      const first = next < BigInt(low) ? BigInt(low) : next
      if (first < BigInt(high)) from.set(partition, first)
    }
    const found = from.size > 0 ? await this.messages(from, ends) : new Map<number, KafkaMessage[]>()
    const life = this.lives.at(-1)!
    for (const [partition, messages] of found) life.set(partition, [...(life.get(partition) ?? []), ...messages])
    this.read = new Map(ends)
    return ends
  }

  private async offsets() {
    const admin = this.kafka.admin()
    try {
      await admin.connect()
      return await admin.fetchTopicOffsets(this.topic)
    } finally {
      await admin.disconnect()
    }
  }

  private async messages(from: Ends, ends: Ends): Promise<Life> {
    const found: Life = new Map([...from.keys()].map((partition) => [partition, []]))
    const left = new Set(from.keys())
    const done = Promise.withResolvers<void>()
    const consumer = this.kafka.consumer({ groupId: ownName('chaos-transcript'), maxWaitTimeInMs: 100 })
    consumer.on(consumer.events.CRASH, ({ payload }) => done.reject(payload.error))
    const late = setTimeout(() => done.reject(new Error('the topic cannot be read to its end')), READ_WITHIN_MS)
    try {
      await consumer.connect()
      await consumer.subscribe({ topic: this.topic, fromBeginning: true })
      await consumer.run({
        autoCommit: false,
        eachBatch: async ({ batch: { partition, messages } }) => {
          const end = ends.get(partition)!
          const last = found.get(partition)?.at(-1)?.offset
          const next = last === undefined ? from.get(partition) : BigInt(last) + 1n
          for (const message of messages) {
            const offset = BigInt(message.offset)
            if (next !== undefined && offset >= next && offset < end) found.get(partition)!.push(message)
            if (offset >= end - 1n) left.delete(partition)
          }
          if (left.size === 0) done.resolve()
        },
      })
      for (const [partition, offset] of from) {
        consumer.seek({ topic: this.topic, partition, offset: offset.toString() })
      }
      await done.promise
      return found
    } finally {
      clearTimeout(late)
      await consumer.disconnect()
    }
  }
}

const isSame = (told: LinkedEvent, { stream, revision, position, type, data }: Stored) =>
  isDeepStrictEqual(
    { ...{ stream: told.stream, revision: told.revision, position: told.position, type: told.type }, data: told.data },
    { stream, revision, position, type, data },
  )
