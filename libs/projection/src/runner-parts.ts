import type { Pool } from 'pg'
import type { EventFeed, StreamReader } from '#event-feed/event-feed'

/** What a projection runs on. */
export interface RunnerParts {
  /** Of the read model's database, six connections at least, and the runner's own: queries must not starve it. */
  readonly pool: Pool
  /** The event store itself: all of history, and how far there is to go. */
  readonly feed: EventFeed
  /** What the live tables follow once they are near the head: the store as well, or a broker. */
  readonly live: EventFeed
  /** Where gaps are filled from, and parked streams read again. */
  readonly reader: StreamReader
}
