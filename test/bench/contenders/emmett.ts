/** `@event-driven-io/emmett-postgresql`, by its documentation. */
import { CommandHandler, type Event, STREAM_DOES_NOT_EXIST } from '@event-driven-io/emmett'
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql'
import pg from 'pg'
import { benchWrites, coilReceived, eventMetadata } from '../append.js'
import { contend } from '../contender.js'
import { type Load, rateOf } from '../rate.js'

type CoilReceived = Event<'CoilReceived', Record<string, unknown>, Record<string, string>>
type CoilInspected = Event<'CoilInspected', { coil: string; result: string; findings: string[]; inspector: string }>
interface Coil {
  readonly received: boolean
  readonly inspections: number
}

/** Measured with 10 (what pg makes unless told), 20 and 50: it is fastest with 20 on two cores. */
const CONNECTIONS = 20

contend(async (connectionString) => {
  const pool = new pg.Pool({ connectionString, max: CONNECTIONS })
  const store = getPostgreSQLEventStore(connectionString, { connectionOptions: { pool } })
  await store.schema.migrate()

  const append = (stream: string) => {
    const { type, data, metadata } = coilReceived(stream)
    const event: CoilReceived = { type: type as 'CoilReceived', data, metadata: metadata as Record<string, string> }
    return store.appendToStream(stream, [event], { expectedStreamVersion: STREAM_DOES_NOT_EXIST })
  }
  const handle = CommandHandler<Coil, CoilReceived | CoilInspected>({
    evolve: (coil, { type }) =>
      type === 'CoilReceived' ? { ...coil, received: true } : { ...coil, inspections: coil.inspections + 1 },
    initialState: () => ({ received: false, inspections: 0 }),
  })
  let turn = 0

  return {
    tasks: {
      append: (load: Load) => benchWrites(async (stream) => void (await append(stream)), load),
      async coils({ count }: { count: number }) {
        for (let i = 0; i < count; i += CONNECTIONS) {
          const some = Array.from({ length: Math.min(CONNECTIONS, count - i) }, (_, n) => `coil-BENCH-${i + n}`)
          await Promise.all(some.map(append))
        }
        return undefined
      },
      command: ({ count, ...load }: Load & { count: number }) =>
        rateOf(async () => {
          const coil = `BENCH-${turn++ % count}`
          await handle(store, `coil-${coil}`, ({ received }) => {
            if (!received) throw new Error(`${coil} is not here`)
            return {
              type: 'CoilInspected',
              data: { coil, result: 'conforming', findings: [], inspector: 'op-17' },
              metadata: eventMetadata(),
            } as CoilInspected
          })
        }, load),
    },
    async close() {
      await store.close()
      await pool.end()
    },
  }
})
