import type { EventStore, Position, RecordedEvent } from '#event-store/event-store'
import type { EventFeed } from './event-feed.js'

/** The event store's own subscription as a feed: no broker, nothing between the append and its reader. */
export class StoreFeed implements EventFeed {
  constructor(private readonly store: Pick<EventStore, 'subscribe' | 'head'>) {}

  subscribe(after: Position, signal: AbortSignal): AsyncIterable<readonly RecordedEvent[]> {
    return this.store.subscribe(after, signal)
  }

  head(): Promise<Position> {
    return this.store.head()
  }
}
