/** Publishes every event to the topic in one process of all that could, through any loss of brokers and databases. */
import type { Logger } from '@nestjs/common'
import type { Admin, Kafka } from 'kafkajs'
import type pg from 'pg'
import type { EventFeed } from '#event-feed/event-feed'
import { makeKafka, reasonOf } from '#event-feed/kafka/kafka-client'
import { Backoff, pause } from '#projection/backoff'
import { partitionerFor } from './partitioner.js'
import { Publishing } from './publishing.js'
import type { RelaySettings } from './relay-settings.js'
import { RightToPublish } from './right-to-publish.js'
import { Speed } from './speed.js'
import { TopicAgreement } from './topic-agreement.js'
import { type FoundTopic, RefusedError } from './topic-contract.js'

/**
 * `active`: this process publishes. `standby`: another one does. `waiting`: something that is needed is away, and is
 * tried again. `refused`: somebody must put a setting right; looked at again all the time.
 */
export const RELAY_STATES = ['active', 'standby', 'waiting', 'refused'] as const
export type RelayState = (typeof RELAY_STATES)[number]

export interface RelayParts {
  readonly settings: RelaySettings
  readonly pool: pg.Pool
  /** The event store itself. */
  readonly feed: EventFeed
  readonly logger: Pick<Logger, 'log' | 'warn' | 'error' | 'debug'>
  /** How often what an active relay rests on is looked at, in milliseconds. */
  readonly every?: { readonly right: number; readonly topic: number }
}

const STAND_BY_MS = 500
const EVERY = { right: 5_000, topic: 60_000 }
const BATCH_EVENTS = 1_000
/** Kafka's own bytes around a batch, and what it adds to messages that are many and small. */
const ROOM = 0.9

export class Relay {
  readonly speed = new Speed()
  private readonly kafka: Kafka
  private readonly agreement: TopicAgreement
  private readonly stopping = new AbortController()
  private readonly backoff = new Backoff()
  private running = Promise.resolve()
  private told = ''
  private current: { state: RelayState; reason?: string } = { state: 'waiting' }

  constructor(private readonly on: RelayParts) {
    this.agreement = new TopicAgreement(on)
    this.kafka = makeKafka(on.settings, 'coiltrail-relay', {
      warn: (s) => on.logger.debug(s),
      debug: (s) => on.logger.debug(s),
    })
  }

  get state(): RelayState {
    return this.current.state
  }

  /** Why it waits or refuses, in a sentence. */
  get reason(): string | undefined {
    return this.current.reason
  }

  start(): void {
    this.running = this.run(this.stopping.signal)
  }

  async stop(): Promise<void> {
    this.stopping.abort()
    await this.running
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.session(signal)
      } catch (error) {
        if (signal.aborted) return
        const message = reasonOf(error, this.on.settings)
        const state = error instanceof RefusedError ? 'refused' : 'waiting'
        this.current = { state, reason: message }
        this.tellOnce(state, message)
        // Longer than others stand by: it may be this process alone that cannot.
        await pause(2 * STAND_BY_MS, signal)
        await this.backoff.wait(signal)
      }
    }
  }

  /** From taking the right to publish to losing it, or a moment of standing by. */
  private async session(signal: AbortSignal): Promise<void> {
    const { pool, settings } = this.on
    const right = await RightToPublish.take(pool, settings.topic)
    if (!right) {
      this.current = { state: 'standby' }
      return pause(STAND_BY_MS, signal)
    }
    this.current = { state: 'waiting', reason: this.current.reason }
    const admin = this.kafka.admin()
    try {
      await admin.connect()
      const topic = await this.agreement.reach(admin, right)
      await this.publish(topic, right, admin, signal)
    } finally {
      right.end()
      await admin.disconnect().catch(() => {})
    }
  }

  private async publish(topic: FoundTopic, right: RightToPublish, admin: Admin, signal: AbortSignal): Promise<void> {
    const { feed, logger } = this.on
    const failed = new AbortController()
    const ends = AbortSignal.any([signal, right.lost, failed.signal])
    const producer = this.kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: partitionerFor(topic.name, topic.partitions),
      // One way to try again: from the checkpoint, after a look at whether the right to publish is still ours.
      retry: { retries: 0 },
    })
    const publishing = new Publishing({
      feed,
      producer,
      topic: topic.name,
      progress: right,
      limits: { events: BATCH_EVENTS, bytes: Number(topic.settings.get('max.message.bytes')) * ROOM },
      published: (events) => {
        this.backoff.reset()
        this.speed.count(events, performance.now())
      },
    })
    try {
      await producer.connect()
      logger.log(`Publishes events after position ${right.position} to ${topic.name}`)
      this.current = { state: 'active' }
      this.told = ''
      await allUntilOneFails([publishing.run(ends), this.watch(admin, right, ends)], failed)
      if (right.lost.aborted && !signal.aborted) throw right.lost.reason
    } finally {
      await producer.disconnect().catch(() => {})
    }
  }

  /** Throws when the right, or what the topic must be, is lost; a relay without events would not notice otherwise. */
  private async watch(admin: Admin, right: RightToPublish, signal: AbortSignal): Promise<void> {
    const every = this.on.every ?? EVERY
    let looked = performance.now()
    while (!signal.aborted) {
      await pause(Math.min(every.right, every.topic), signal)
      if (signal.aborted) return
      await right.confirm()
      if (performance.now() - looked < every.topic) continue
      await this.agreement.check(admin, right)
      this.backoff.reset()
      looked = performance.now()
    }
  }

  private tellOnce(state: RelayState, message: string): void {
    if (message === this.told) return
    this.told = message
    if (state === 'refused') this.on.logger.error(`Publishes nothing: ${message}`)
    else this.on.logger.warn(`Interrupted, will try again: ${message}`)
  }
}

/** All have ended when it does. */
async function allUntilOneFails(works: readonly Promise<void>[], failed: AbortController): Promise<void> {
  try {
    await Promise.all(works)
  } finally {
    failed.abort()
    await Promise.allSettled(works)
  }
}
