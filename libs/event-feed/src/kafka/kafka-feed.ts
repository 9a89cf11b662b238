/**
 * Events by way of Kafka, in the one order that the store has. What the topic does not bring in time, because it was
 * lost there, is not published yet, or no broker answers, is read from the event store: never skipped, never waited
 * for without end.
 */
import type { Position, RecordedEvent } from '#event-store/event-store'
import type { DeliveredEvent, EventFeed, Offsets } from '../event-feed.js'
import { type KafkaLog, type KafkaSettings, makeKafka, reasonOf } from './kafka-client.js'
import { OneOrder } from './one-order.js'
import { TopicReader } from './topic-reader.js'

export interface KafkaFeedSettings extends KafkaSettings {
  /** Of the read model; its replicas share it. */
  readonly group: string
}

/** Without news for so long, what the store has and Kafka did not bring is read there. */
const PATIENCE_MS = 2_000
/** The same, once Kafka was late and has brought nothing since. */
const LATE_PATIENCE_MS = 250
const STORE_PATIENCE_MS = 10_000
const MOST_AT_ONCE = 2_000
/** What of one partition may wait until the others have come as far. */
const HELD = { events: 4_000, bytes: 8_000_000 }

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
      begin: () => this.recordedAfter(order.reached),
      take(events) {
        for (const event of events) order.take(event)
        news.tell()
      },
      isFull(partition) {
        const { events, bytes } = order.held(partition)
        return events > HELD.events || bytes > HELD.bytes
      },
    })
    this.reader = reader
    const reading = reader.run()
    let moved = performance.now()
    let late = false
    try {
      while (!signal.aborted) {
        const events = order.next(MOST_AT_ONCE)
        if (events.length > 0) {
          if (late) this.log.warn(`Kafka brings events again, from position ${events[0]!.position} on`)
          late = false
          yield events
          reader.resume()
          moved = performance.now()
          continue
        }
        const patience = moved + (late ? LATE_PATIENCE_MS : PATIENCE_MS) - performance.now()
        if (patience > 0) await news.within(patience, signal)
        else {
          const until = await this.missingUpTo(order)
          if (until !== undefined) {
            if (!late) this.log.warn(lateness(order.reached, until))
            late = true
            yield* this.missing(order, until, signal)
          }
          moved = performance.now()
        }
      }
    } finally {
      leaving.abort()
      await reading
      if (this.reader === reader) this.reader = undefined
    }
  }

  /** Up to what waits, or up to the store's head if nothing waits; undefined where nothing is missing, or known to be. */
  private async missingUpTo(order: OneOrder): Promise<Position | undefined> {
    const until = order.gapEnd() ?? (await this.store.head().catch(() => order.reached))
    return until > order.reached ? until : undefined
  }

  private async *missing(
    order: OneOrder,
    until: Position,
    signal: AbortSignal,
  ): AsyncGenerator<readonly RecordedEvent[]> {
    // The store may be away as well, while Kafka comes back.
    const enough = AbortSignal.any([signal, AbortSignal.timeout(STORE_PATIENCE_MS)])
    for await (const events of this.store.subscribe(order.reached, enough)) {
      const wanted = events.filter(({ position }) => position <= until)
      if (wanted.length > 0) {
        order.passTo(wanted.at(-1)!.position)
        yield wanted
      }
      if (events.at(-1)!.position >= until) return order.passTo(until)
    }
  }

  /** When the store took the first event behind a position; now, if there is none yet. */
  private async recordedAfter(position: Position): Promise<Date> {
    if ((await this.store.head()) <= position) return new Date()
    for await (const [first] of this.store.subscribe(position, AbortSignal.timeout(PATIENCE_MS))) {
      return first!.recordedAt
    }
    throw new Error('the event store does not answer')
  }
}

const lateness = (reached: Position, until: Position) =>
  `Kafka brought nothing behind position ${reached}: reads up to ${until} from the event store, and on until it does`

/** That something came, for one who waits for it. */
class News {
  private come = false
  private wake = () => {}

  tell(): void {
    this.come = true
    this.wake()
  }

  /** Until something came, the time is over or the signal aborts. */
  async within(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.come && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer)
          signal.removeEventListener('abort', done)
          resolve()
        }
        const timer = setTimeout(done, ms)
        signal.addEventListener('abort', done)
        this.wake = done
      })
    }
    this.come = false
  }
}
