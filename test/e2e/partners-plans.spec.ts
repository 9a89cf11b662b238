/** How PostgreSQL finds what partners ask for: by indexes, though policies and views of theirs stand before the tables. */
import pg from 'pg'
import { InventoryModule } from '#apps/inventory/src/inventory.module'
import { asPartner } from '../support/partner-rows.js'
import { type ReadSide, readSide } from '../support/read-side.js'

describe('A partner’s question', () => {
  let plant: ReadSide
  let client: pg.Client
  beforeAll(async () => {
    plant = await readSide(InventoryModule)
    client = new pg.Client({ connectionString: plant.database.url })
    await client.connect()
  })
  afterAll(async () => {
    await client.end()
    await plant.close()
  })

  // What a table of a million would be asked by, told of an empty one.
  const plan = async (statement: string) => {
    await client.query('BEGIN; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off')
    const { rows } = await asPartner(client, 'AZAL', () =>
      client.query(`EXPLAIN (COSTS off) ${statement.replaceAll(' @', ' inventory_partners.')}`),
    )
    await client.query('ROLLBACK')
    return rows.map((row) => row['QUERY PLAN'].trim()).join('\n')
  }

  it.each([
    [
      'whose process orders there are',
      'SELECT * FROM @process_orders',
      /using coils__1_pkey on coils__1 c\nIndex Cond: \(coil = \(/,
    ],
    [
      'which coils came with a packing list',
      `SELECT l.*, (SELECT count(*) FROM @coils c WHERE c."packingList" = l."packingList") FROM @packing_lists l`,
      /Index Cond: \(CASE WHEN \("titleRevision" IS NULL\) THEN "packingList" ELSE NULL::text END = /,
    ],
    [
      'what a family tree goes on to',
      `SELECT * FROM @edges WHERE "source" = 'coil-1'`,
      /using coils__1_pkey on coils__1 c\nIndex Cond: \(coil = substr/,
    ],
    [
      'which of these coils are theirs',
      `SELECT * FROM @coils WHERE "coil" = ANY(ARRAY['A', 'B'])`,
      /Index Cond: \(coil = ANY/,
    ],
    ['what is in a melt', `SELECT * FROM @melts WHERE "castNumber" = 'M'`, /Index Cond: \(\("castNumber" = /],
  ])('%s is answered coil by coil, not by reading all that is theirs', async (_what, statement, expected) => {
    expect(await plan(statement)).toMatch(expected)
  })
})
