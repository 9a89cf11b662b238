/** Several instances of the store on one database, each with a pool of its own, as several processes have. For specs. */
import pg from 'pg'
import { PostgresEventStore } from './postgres-event-store.js'

export function storeInstances(url: string): { open(): PostgresEventStore; closeAll(): Promise<void> } {
  const opened: { store: PostgresEventStore; pool: pg.Pool }[] = []
  return {
    open() {
      const pool = new pg.Pool({ connectionString: url, max: 10 })
      // The server ending an idle connection is part of some specs; the next query opens a new one.
      pool.on('error', () => {})
      const store = new PostgresEventStore(pool)
      opened.push({ store, pool })
      return store
    },
    async closeAll() {
      for (const { store, pool } of opened.splice(0)) {
        await store.close()
        await pool.end()
      }
    },
  }
}
