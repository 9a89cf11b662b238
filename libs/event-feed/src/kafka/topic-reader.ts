/** Reads a topic as the one member of a group, through any loss of its brokers, and says what it found. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs'
import type { Offsets } from '../event-feed.js'
import { allToTheNewest } from './all-to-the-newest.js'
import type { KafkaLog } from './kafka-client.js'
import { eventOf } from './message.js'
import type { FoundEvent } from './one-order.js'

export interface Reading {
  readonly kafka: Kafka
  readonly topic: string
  readonly group: string
  readonly log: KafkaLog
  /** In words for whoever set up Kafka. */
  reasonOf(error: unknown): string
  readonly signal: AbortSignal
  /** Where to begin, by partition; asked once, when the brokers answer, for partitions that `offsets` lacks. */
  begin(): Promise<Date>
  readonly offsets: Offsets
  take(events: readonly FoundEvent[]): void
  /** Whether enough of this partition, of so many, waits to be taken up. */
  isFull(partition: number, ofPartitions: number): boolean
}

/** A member that is not heard of for so long is out; the least that brokers allow as they come. */
const SESSION_MS = 6_000
/** Events published by a relay whose clock runs behind that of the store are found all the same. */
const CLOCK_SKEW_MS = 300_000
const FETCH_BYTES = 16_000_000
const LONGEST_PAUSE_MS = 5_000
const FAREWELL_MS = 3_000
const COMMIT_EVERY_MS = 1_000
/** What brokers say of a group that is new to them, or has moved: a moment later they know it. */
const SETTLING = new Set(['GROUP_LOAD_IN_PROGRESS', 'GROUP_COORDINATOR_NOT_AVAILABLE', 'NOT_COORDINATOR_FOR_GROUP'])

export class TopicReader {
  private readonly since = Date.now()
  /** The next offset to be read. */
  private readonly next = new Map<number, bigint>()
  private readonly paused = new Set<number>()
  private partitions = 1
  private consumer: Consumer | undefined
  private told = ''
  private leave = () => {}
  private readonly applied = new Map<number, bigint>()
  private committing: NodeJS.Timeout | undefined

  constructor(private readonly on: Reading) {
    for (const [partition, offset] of on.offsets) this.next.set(partition, offset + 1n)
  }

  /** Until the signal aborts. */
  async run(): Promise<void> {
    const { signal, log, topic } = this.on
    for (let pause = 100; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const began = performance.now()
      try {
        await this.session()
      } catch (error) {
        const { type = '' } = error as { type?: string }
        const message = this.on.reasonOf(error)
        if (message !== this.told && !SETTLING.has(type))
          log.warn(`Topic ${topic} cannot be read, will try again: ${message}`)
        this.told = message
      }
      if (performance.now() - began > 60_000) pause = 100
      await sleep(pause, undefined, { signal }).catch(() => {})
    }
    clearTimeout(this.committing)
  }

  /** Partitions that were full and are no longer. */
  resume(): void {
    if (this.paused.size === 0) return
    const { topic, isFull } = this.on
    const roomy = [...this.paused].filter((partition) => !isFull(partition, this.partitions))
    if (roomy.length === 0) return
    for (const partition of roomy) this.paused.delete(partition)
    this.consumer?.resume([{ topic, partitions: roomy }])
  }

  /** Leaves the group and joins it anew: for a consumer that says nothing any more. */
  beginAgain(): void {
    this.leave()
  }

  /** For those who look at the group's lag: now and then, and whatever becomes of it. */
  commit(offsets: Offsets): void {
    for (const [partition, offset] of offsets) this.applied.set(partition, offset)
    if (this.on.signal.aborted) return
    this.committing ??= setTimeout(async () => {
      const { topic } = this.on
      const all = [...this.applied].map(([partition, offset]) => ({ topic, partition, offset: String(offset + 1n) }))
      const done = await this.consumer?.commitOffsets(all).then(
        () => true,
        () => false,
      )
      this.committing = undefined
      // In the middle of a rebalance, or before the first: nothing more may come that would bring it up again.
      if (!done) this.commit(new Map())
    }, COMMIT_EVERY_MS)
  }

  /** From joining the group to an error, or the end. */
  private async session(): Promise<void> {
    const { kafka, topic, group, signal } = this.on
    await this.findBeginning()
    // An abort that is over by now would never be heard below.
    if (signal.aborted) return
    const consumer = kafka.consumer({
      groupId: group,
      partitionAssigners: [allToTheNewest(this.since)],
      sessionTimeout: SESSION_MS,
      rebalanceTimeout: SESSION_MS,
      heartbeatInterval: SESSION_MS / 4,
      // A partition that was full is asked for again when the request that left it out comes back.
      maxWaitTimeInMs: 250,
      // A share of every answer for each: a partition that is left out holds up the others, whose events wait for it.
      maxBytesPerPartition: Math.ceil(FETCH_BYTES / this.partitions),
      maxBytes: FETCH_BYTES,
      allowAutoTopicCreation: false,
      // We begin again by ourselves, from where the read model is.
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 8, restartOnFailure: async () => false },
    })
    const { GROUP_JOIN, CRASH } = consumer.events
    const crashed = new Promise<never>((_, fail) => {
      consumer.on(CRASH, ({ payload }) => fail(payload.error))
    })
    crashed.catch(() => {})
    const left = new Promise<void>((resolve) => {
      this.leave = () => {
        signal.removeEventListener('abort', this.leave)
        resolve()
      }
      signal.addEventListener('abort', this.leave)
    })
    consumer.on(GROUP_JOIN, ({ payload }) => this.joined(consumer, payload.memberAssignment[topic] ?? []))
    try {
      await Promise.race([this.start(consumer), crashed, left])
      await Promise.race([crashed, left])
    } finally {
      this.consumer = undefined
      this.leave()
      await Promise.race([consumer.disconnect().catch(() => {}), sleep(FAREWELL_MS, undefined, { ref: false })])
    }
  }

  private async start(consumer: Consumer): Promise<void> {
    const { topic } = this.on
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    this.consumer = consumer
    await consumer.run({ autoCommit: false, eachBatch: (batch) => this.takeBatch(consumer, batch) })
  }

  private async findBeginning(): Promise<void> {
    const { kafka, topic, begin } = this.on
    const admin = kafka.admin()
    try {
      await admin.connect()
      const partitions = await admin.fetchTopicOffsets(topic)
      this.partitions = partitions.length
      if (partitions.every(({ partition }) => this.next.has(partition))) return
      const since = (await begin()).getTime() - CLOCK_SKEW_MS
      for (const { partition, offset } of await admin.fetchTopicOffsetsByTimestamp(topic, since)) {
        if (!this.next.has(partition)) this.next.set(partition, BigInt(offset))
      }
    } finally {
      await admin.disconnect().catch(() => {})
    }
  }

  /** The client would go on at the offsets committed, which only follow. */
  private joined(consumer: Consumer, partitions: readonly number[]): void {
    const { topic } = this.on
    // The client remembers pauses over a rebalance; what is full is paused again with its next batch.
    if (partitions.length > 0) consumer.resume([{ topic, partitions: [...partitions] }])
    this.paused.clear()
    for (const partition of partitions) {
      const next = this.next.get(partition)
      if (next !== undefined) consumer.seek({ topic, partition, offset: next.toString() })
    }
    this.told = ''
  }

  private async takeBatch(consumer: Consumer, { batch, heartbeat }: EachBatchPayload): Promise<void> {
    const { topic, take, isFull, signal } = this.on
    if (signal.aborted) return
    const { partition, messages } = batch
    const events: FoundEvent[] = []
    for (const message of messages) {
      const offset = BigInt(message.offset)
      const bytes = (message.value?.length ?? 0) + 500
      try {
        events.push({ ...eventOf(message), found: { partition, offset }, bytes })
      } catch (error) {
        // Whoever wrote that: our event, if it was to be one, is missed by its successor and read from the store.
        this.on.log.warn(`Message ${offset} of ${topic} ${partition} is passed over: ${(error as Error).message}`)
      }
      this.next.set(partition, offset + 1n)
    }
    take(events)
    if (isFull(partition, this.partitions)) {
      this.paused.add(partition)
      consumer.pause([{ topic, partitions: [partition] }])
    }
    await heartbeat()
  }
}
