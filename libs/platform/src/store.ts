/** Injection token of the `EventStore`. */
export const EVENT_STORE = Symbol('EVENT_STORE')

/** Injection token of the `pg.Pool` that the event store works on; nobody else's. */
export const EVENT_STORE_POOL = Symbol('EVENT_STORE_POOL')

/** Injection token of the connection string of PostgreSQL: given by configuration, or that of the embedded one. */
export const DATABASE_URL = Symbol('DATABASE_URL')
