/** Our history and our projections, rebuilt as the product does: into new tables, with indexes, up to the swap. */
import { inventory } from '#apps/inventory/src/projection/inventory.projection'
import { throughputProjection } from '#apps/throughput/src/projection/throughput.projection'
import { StoreFeed } from '#event-feed/store-feed'
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store'
import { makePool } from '#platform/postgres/pool'
import { dropRetired, onOneConnection, prepare } from '#projection/builds'
import { listParked } from '#projection/parked'
import type { Projection } from '#projection/projection'
import { rebuild } from '#projection/rebuild'
import { contend } from '../contender.js'
import { bigFamily } from '../history/big-family.js'
import { plantHistory } from '../history/plant-history.js'
import { recordHistory } from '../history/record.js'
import { once } from '../rate.js'
import { stockProjection } from './stock.js'

const PROJECTIONS = [inventory, throughputProjection, stockProjection]

contend(async (databaseUrl) => {
  const pool = makePool(databaseUrl, 'bench', 8)
  const store = new PostgresEventStore(pool)
  await store.migrate()

  async function build(projection: Projection): Promise<number> {
    await onOneConnection(pool, (client) => prepare(client, projection))
    let events = 0
    const { outcome } = await rebuild({
      ...{ pool, projection, feed: new StoreFeed(store), reader: store },
      signal: new AbortController().signal,
      onProgress: (progress) => {
        events = progress.events
      },
    })
    if (outcome !== 'swapped') throw new Error(`the rebuild of ${projection.name} ended ${outcome}`)
    const [parked] = await listParked(pool, projection)
    if (parked) throw new Error(`${parked.stream} is parked in ${projection.name}: ${parked.error}`)
    await onOneConnection(pool, (client) => dropRetired(client, projection))
    return events
  }

  return {
    tasks: {
      load: ({ coils, children }: { coils: number; children: number }) =>
        once(async () => {
          const events = await recordHistory(store, plantHistory(coils))
          return events + (await recordHistory(store, bigFamily(children)))
        }),
      rebuild: ({ name }: { name: string }) => once(() => build(PROJECTIONS.find((known) => known.name === name)!)),
    },
    async close() {
      await store.close()
      await pool.end()
    },
  }
})
