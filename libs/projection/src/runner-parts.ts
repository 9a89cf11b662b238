import type { Pool } from 'pg'
import type { EventFeed, StreamReader } from '#event-feed/event-feed'

/** What a projection runs on. */
export interface RunnerParts {
  /** Of the read model's database, six connections at least, and the runner's own: queries must not starve it. */
  readonly pool: Pool
  readonly feed: EventFeed
  /** Where gaps are filled from, and parked streams read again. */
  readonly reader: StreamReader
}
