/** Where events are kept, as configured: PostgreSQL or KurrentDB, behind one port. */
import { Logger } from '@nestjs/common'
import { STREAM_PREFIXES } from '#domain/streams'
import type { EventStore } from '#event-store/event-store'
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store'
import type { Config } from './config.js'
import { makePool, SILENCE_MS } from './postgres/pool.js'

/** Injection token of the `EventStore`. */
export const EVENT_STORE = Symbol('EVENT_STORE')

/** Injection token of the connection string of PostgreSQL: given by configuration, or that of the embedded one. */
export const DATABASE_URL = Symbol('DATABASE_URL')

/** Connections for appends and reads: appends are gathered into one transaction at a time, so that few suffice. */
const CONNECTIONS = 12

export interface OpenStore {
  readonly store: EventStore
  /** After everybody who reads or writes has ended. */
  close(): Promise<void>
}

/** @throws Error in a sentence, when trying again cannot help */
export async function openEventStore(config: Config, databaseUrl: string): Promise<OpenStore> {
  if (config.KURRENTDB_URL) {
    // Loaded only where it is used: it comes with a native library.
    const { openKurrentDB } = await import('#event-store/kurrentdb/kurrentdb-event-store')
    const logger = new Logger('KurrentDB')
    const say = (sentence: string) => logger.warn(sentence)
    const store = await openKurrentDB(config.KURRENTDB_URL, { say, prefixes: STREAM_PREFIXES })
    return { store, close: () => store.close() }
  }
  const pool = makePool(config.EVENT_STORE_DATABASE_URL ?? databaseUrl, 'event store', CONNECTIONS, SILENCE_MS)
  const store = new PostgresEventStore(pool)
  await store.migrate()
  return { store, close: () => pool.end() }
}
