/**
 * Events by way of Kafka, in the one order that the store has. What the topic does not bring in time, because it was
 * lost there, is not published yet, or no broker answers, is read from the event store: never skipped, never waited
 * for without end.
 */
import type { Position } from '#event-store/event-store'
import type { DeliveredEvent, EventFeed, Offsets } from '../event-feed.js'
import { type KafkaLog, type KafkaSettings, makeKafka, reasonOf } from './kafka-client.js'
import { OneOrder } from './one-order.js'
import { StoreAside } from './store-aside.js'
import { TopicReader } from './topic-reader.js'

export interface KafkaFeedSettings extends KafkaSettings {
  /** Of the read model; its replicas share it. */
  readonly group: string
}

const MOST_AT_ONCE = 2_000
/** What of one partition may wait until the others have come as far; bytes of all partitions together. */
const HELD = { events: 4_000, bytes: 64_000_000 }
const STORE_PATIENCE_MS = 10_000

export class KafkaFeed implements EventFeed {
  private reader: TopicReader | undefined

  constructor(
    private readonly settings: KafkaFeedSettings,
    /** The event store itself. */
    private readonly store: EventFeed,
    private readonly log: KafkaLog,
  ) {}

  head(): Promise<Position> {
    return this.store.head()
  }

  applied(offsets: Offsets): void {
    this.reader?.commit(offsets)
  }

  async *subscribe(
    after: Position,
    signal: AbortSignal,
    offsets: Offsets = new Map(),
  ): AsyncGenerator<readonly DeliveredEvent[]> {
    const { topic, group } = this.settings
    const order = new OneOrder(after)
    const leaving = new AbortController()
    const ends = AbortSignal.any([signal, leaving.signal])
    const news = new News()
    const reader = new TopicReader({
      kafka: makeKafka(this.settings, group, this.log),
      topic,
      group,
      log: this.log,
      reasonOf: (error) => reasonOf(error, this.settings),
      signal: ends,
      offsets,
      begin: () => this.recordedAfter(order.reached, ends),
      take(events) {
        for (const event of events) order.take(event)
        news.tell()
      },
      isFull(partition, ofPartitions) {
        const { events, bytes } = order.held(partition)
        return events > HELD.events || bytes > HELD.bytes / ofPartitions
      },
    })
    const aside = new StoreAside({
      store: this.store,
      order,
      log: this.log,
      signal: ends,
      news: () => news.tell(),
      stayedLate: () => reader.beginAgain(),
    })
    this.reader = reader
    const running = [reader.run(), aside.run()]
    try {
      while (!signal.aborted) {
        reader.resume()
        const events = order.next(MOST_AT_ONCE)
        if (events.length > 0) {
          aside.kafkaBrings(events[0]!.position)
          yield events
          continue
        }
        const missed = aside.take()
        if (missed.length > 0) yield missed
        else await news.come(signal)
      }
    } finally {
      leaving.abort()
      await Promise.all(running)
      if (this.reader === reader) this.reader = undefined
    }
  }

  /** When the store took the first event behind a position; now, if there is none yet. */
  private async recordedAfter(position: Position, signal: AbortSignal): Promise<Date> {
    const enough = AbortSignal.any([signal, AbortSignal.timeout(STORE_PATIENCE_MS)])
    const late = new Promise<never>((_, fail) => {
      const tooLate = () => fail(new Error('the event store does not answer'))
      // An abort that is over by now would never be heard.
      if (enough.aborted) tooLate()
      else enough.addEventListener('abort', tooLate, { once: true })
    })
    late.catch(() => {})
    if ((await Promise.race([this.store.head(), late])) <= position) return new Date()
    for await (const [first] of this.store.subscribe(position, enough)) return first!.recordedAt
    return late
  }
}

/** That something came, for one who waits for it. */
class News {
  private told = false
  private wake = () => {}

  tell(): void {
    this.told = true
    this.wake()
  }

  /** Until something came since the last time, or the signal aborts. */
  async come(signal: AbortSignal): Promise<void> {
    if (!this.told && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.wake = () => {
          signal.removeEventListener('abort', this.wake)
          resolve()
        }
        signal.addEventListener('abort', this.wake)
      })
    }
    this.told = false
  }
}
