/**
 * What a read model consumes: all events in order, from the store itself (`StoreFeed`) or from a broker.
 *
 * A feed delivers at least once. The events of one stream come in order; whoever reads must skip what it has already
 * applied (by position or by revision), because a feed that lost its connection may repeat some.
 */
import type { EventStore, Position, RecordedEvent } from '#event-store/event-store'

export interface EventFeed {
  /** Everything after a position: history, then live, in batches that are never empty, until `signal` aborts. */
  subscribe(after: Position, signal: AbortSignal): AsyncIterable<readonly RecordedEvent[]>
  /** Position of the last event that the feed can deliver, START if there is none. */
  head(): Promise<Position>
}

/** One stream from a revision on: how a gap is filled and a parked stream is read again. */
export type StreamReader = Pick<EventStore, 'read'>

/** Injection tokens, as interfaces have no value at run time. */
export const EVENT_FEED = Symbol('EventFeed')
export const STREAM_READER = Symbol('StreamReader')
