/**
 * The event store beside Kafka: looks now and then at how far it is, and reads there what Kafka did not bring. All of it
 * on the side, so that a store that is slow or away never keeps back what Kafka brings.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Position, RecordedEvent } from '#event-store/event-store'
import type { EventFeed } from '../event-feed.js'
import type { KafkaLog } from './kafka-client.js'
import type { OneOrder } from './one-order.js'

export interface StoreAsideParts {
  readonly store: EventFeed
  readonly order: OneOrder
  readonly log: KafkaLog
  readonly signal: AbortSignal
  /** Told that there is something to take, or that the order has moved. */
  news(): void
  /** Told again and again while Kafka stays late: a consumer may have died without a word. */
  stayedLate(): void
}

/** Between two looks. What was in the store at one and has not come by the next is late. */
const LOOK_MS = 2_000
/** The same, once Kafka was late and has brought nothing since. */
const LATE_LOOK_MS = 250
/** A store that does not answer is asked again at the next look. */
const PATIENCE_MS = 10_000
const LATE_FOR_LONG_MS = 30_000

export class StoreAside {
  private page: readonly RecordedEvent[] | undefined
  private taken = () => {}
  private lateSince: number | undefined

  constructor(private readonly on: StoreAsideParts) {}

  /** Until the signal aborts. */
  async run(): Promise<void> {
    const { store, order, signal } = this.on
    let headBefore: Position = order.reached
    let reachedBefore: Position | undefined
    while (!signal.aborted) {
      await sleep(this.lateSince === undefined ? LOOK_MS : LATE_LOOK_MS, undefined, { signal }).catch(() => {})
      if (signal.aborted) return
      const gap = order.reached === reachedBefore ? order.gapEnd() : undefined
      const overdue = headBefore > order.reached
      reachedBefore = order.reached
      const head = await this.inTime(store.head())
      if (gap !== undefined && gap > order.reached) await this.read(gap)
      else if (overdue && head !== undefined && head > order.reached) await this.read(head)
      headBefore = head ?? headBefore
    }
  }

  /** The next events, if there are any that Kafka has not brought meanwhile. */
  take(): readonly RecordedEvent[] {
    const { order } = this.on
    const events = this.page?.filter(({ position }) => position > order.reached) ?? []
    this.page = undefined
    if (events.length > 0) order.passTo(events.at(-1)!.position)
    this.taken()
    return events
  }

  kafkaBrings(from: Position): void {
    if (this.lateSince === undefined) return
    this.lateSince = undefined
    this.on.log.warn(`Kafka brings events again, from position ${from} on`)
  }

  private async read(until: Position): Promise<void> {
    const { store, order, signal } = this.on
    this.tellLate(until)
    const enough = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)])
    try {
      for await (const events of store.subscribe(order.reached, enough)) {
        await this.hand(events.filter(({ position }) => position <= until))
        if (events.at(-1)!.position < until && order.reached < until) continue
        // Between the last event that there is and what waits there is nothing.
        if (order.reached < until && !signal.aborted) order.passTo(until)
        break
      }
    } catch (error) {
      this.on.log.debug(`The event store does not answer: ${(error as Error).message}`)
    }
    this.on.news()
  }

  private async hand(events: readonly RecordedEvent[]): Promise<void> {
    const { signal, news } = this.on
    this.page = events
    await new Promise<void>((resolve) => {
      this.taken = () => {
        signal.removeEventListener('abort', this.taken)
        resolve()
      }
      signal.addEventListener('abort', this.taken)
      if (signal.aborted) this.taken()
      news()
    })
  }

  private tellLate(until: Position): void {
    const now = performance.now()
    if (this.lateSince === undefined) {
      const { reached } = this.on.order
      this.on.log.warn(
        `Kafka brought nothing behind position ${reached}: reads up to ${until} from the event store, and on until it does`,
      )
      this.lateSince = now
    } else if (now - this.lateSince > LATE_FOR_LONG_MS) {
      this.lateSince = now
      this.on.stayedLate()
    }
  }

  /** Undefined when it takes too long, fails, or the signal aborts. */
  private inTime<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
    const late = sleep(PATIENCE_MS, undefined, { signal: this.on.signal, ref: false }).catch(() => undefined)
    return Promise.race([asked.catch(() => undefined), late])
  }
}
