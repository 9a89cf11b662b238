/** Our event store, as the product opens it. */
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store'
import { makePool } from '#platform/postgres/pool'
import { benchAppend, coilReceived } from '../append.js'
import { contend } from '../contender.js'
import { type Load, rateOf } from '../rate.js'

contend(async (databaseUrl) => {
  const pool = makePool(databaseUrl, 'bench', 10)
  const store = new PostgresEventStore(pool)
  await store.migrate()
  let coil = 0
  return {
    tasks: {
      append: (load: Load) => benchAppend(store, load),
      /** Many events in one append, as a large import has them. */
      bulk: ({ events, ...load }: Load & { events: number }) => {
        const run = `bulk-${process.pid}-${Date.now()}`
        const write = () =>
          store.append(
            Array.from({ length: events }, () => {
              const stream = `coil-${run}-${coil++}`
              return { stream, expected: 'none', events: [coilReceived(stream)] }
            }),
          )
        return rateOf(write, load, events)
      },
    },
    async close() {
      await store.close()
      await pool.end()
    },
  }
})
