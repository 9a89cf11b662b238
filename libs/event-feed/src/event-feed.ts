/**
 * What a read model consumes: all events in order, from the store itself (`StoreFeed`) or from a broker (`KafkaFeed`).
 *
 * A feed delivers at least once, in position order. Whoever reads must skip what it has already applied (by position
 * or by revision), because a feed that lost its connection may repeat some.
 */
import type { EventStore, Position, RecordedEvent } from '#event-store/event-store'

/** Partition -> offset of the last event there that a read model has for good. */
export type Offsets = ReadonlyMap<number, bigint>

/** An event as a feed delivers it. */
export interface DeliveredEvent extends RecordedEvent {
  /** Where a broker had it; left out where the store itself told it. */
  readonly found?: { readonly partition: number; readonly offset: bigint }
}

export interface EventFeed {
  /**
   * Everything after a position: history, then live, in batches that are never empty, until `signal` aborts.
   * `offsets` are those that went with the position, if it was kept with any: where to go on reading.
   */
  subscribe(after: Position, signal: AbortSignal, offsets?: Offsets): AsyncIterable<readonly DeliveredEvent[]>
  /** Position of the last event that the feed can deliver, START if there is none. */
  head(): Promise<Position>
  /** Told after each commit of the read model, for those who watch the broker; nothing may rest on it. */
  applied?(offsets: Offsets): void
}

/** One stream from a revision on: how a gap is filled and a parked stream is read again. */
export type StreamReader = Pick<EventStore, 'read'>

/** The feed that the live tables of a read model follow, by the read model's name. */
export type LiveFeeds = (readModel: string) => EventFeed

/** Injection tokens, as interfaces have no value at run time. */
export const EVENT_FEED = Symbol('EventFeed')
export const LIVE_FEEDS = Symbol('LiveFeeds')
export const STREAM_READER = Symbol('StreamReader')
