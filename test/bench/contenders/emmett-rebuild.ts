/**
 * The same history in emmett, and the same projection of it by `rebuildPostgreSQLProjections`. Of its ways to write one,
 * raw SQL is the fastest; it hands over events one at a time and moves its checkpoint after each, whatever the batch.
 */
import { SQL } from '@event-driven-io/dumbo'
import type { Event } from '@event-driven-io/emmett'
import {
  getPostgreSQLEventStore,
  postgreSQLRawSQLProjection,
  rebuildPostgreSQLProjections,
} from '@event-driven-io/emmett-postgresql'
import pg from 'pg'
import { contend } from '../contender.js'
import { plantHistory } from '../history/plant-history.js'
import { writesOf } from '../history/record.js'
import { once } from '../rate.js'
import { STOCK_EVENTS, type StockFact } from './stock.js'

type StockEvent = Event<string, Record<string, unknown>>

const projection = postgreSQLRawSQLProjection<StockEvent>({
  name: 'bench_stock',
  canHandle: [...STOCK_EVENTS],
  init: () => [
    SQL`CREATE TABLE IF NOT EXISTS bench_stock (
      coil text PRIMARY KEY, alloy text NOT NULL, gauge_mm float8 NOT NULL, width_mm float8 NOT NULL,
      net_weight_kg int NOT NULL, location text NOT NULL, holds int NOT NULL, quality text, customer text)`,
    SQL`CREATE TABLE IF NOT EXISTS bench_places (location text PRIMARY KEY, coils int NOT NULL)`,
  ],
  evolve({ type, data }) {
    const { coil, product, netWeightKg, location, to, result, customer } = data as unknown as StockFact
    switch (type) {
      case 'CoilReceived':
      case 'CoilProduced':
        return SQL`INSERT INTO bench_stock
          VALUES (${coil}, ${product.alloy}, ${product.gaugeMm}, ${product.widthMm}, ${netWeightKg}, ${location}, 0)`
      case 'CoilMoved':
        return SQL`UPDATE bench_stock SET location = ${to} WHERE coil = ${coil}`
      case 'CoilWeighed':
        return SQL`UPDATE bench_stock SET net_weight_kg = ${netWeightKg} WHERE coil = ${coil}`
      case 'CoilHeld':
        return SQL`UPDATE bench_stock SET holds = holds + 1 WHERE coil = ${coil}`
      case 'CoilReleased':
        return SQL`UPDATE bench_stock SET holds = holds - 1 WHERE coil = ${coil}`
      case 'CoilInspected':
        return SQL`UPDATE bench_stock SET quality = ${result} WHERE coil = ${coil}`
      case 'CoilReserved':
      case 'CoilSold':
        return SQL`UPDATE bench_stock SET customer = ${customer} WHERE coil = ${coil}`
      case 'CoilStored':
        return SQL`INSERT INTO bench_places AS p VALUES (${location}, 1)
          ON CONFLICT (location) DO UPDATE SET coils = p.coils + 1`
      case 'CoilTaken':
        return SQL`UPDATE bench_places SET coils = coils - 1 WHERE location = ${location}`
      default:
        return SQL`DELETE FROM bench_stock WHERE coil = ${coil}`
    }
  },
})

contend(async (connectionString) => {
  const pool = new pg.Pool({ connectionString, max: 20 })
  const store = getPostgreSQLEventStore(connectionString, { connectionOptions: { pool } })
  await store.schema.migrate()
  let events = 0
  return {
    tasks: {
      load: ({ coils }: { coils: number }) =>
        once(async () => {
          for (const happening of plantHistory(coils)) {
            for (const { stream, events: ofStream } of writesOf(happening)) {
              events += ofStream.length
              await store.appendToStream(stream, ofStream as unknown as StockEvent[])
            }
          }
          return events
        }),
      /** Without a batch size as it comes: 100 events, then a pause of 50 ms. */
      rebuild: ({ batchSize }: { batchSize?: number }) =>
        once(async () => {
          await pool.query('DROP TABLE IF EXISTS bench_stock, bench_places')
          await pool.query('DELETE FROM emt_processors')
          const pulling = batchSize ? { batchSize, pullingFrequencyInMs: 1 } : undefined
          const consumer = rebuildPostgreSQLProjections({ connectionString, pulling, projections: [projection] })
          await consumer.start()
          await consumer.close()
          const { rows } = await pool.query('SELECT count(*)::int AS coils FROM bench_stock')
          if (Number(rows[0].coils) === 0) throw new Error('nothing was rebuilt')
          return events
        }),
    },
    async close() {
      await store.close()
      await pool.end()
    },
  }
})
