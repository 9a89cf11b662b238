/** What PostgreSQL itself holds back from a partner, whatever the application asks it. */
import { jest } from '@jest/globals'
import pg from 'pg'
import { inventory } from '#apps/inventory/src/projection/inventory.projection'
import { operationsProjection } from '#apps/operations/src/sales/reservation-expiry/reserved-coils.projection'
import { StandaloneModule } from '#apps/standalone/src/standalone.module'
import { throughputProjection } from '#apps/throughput/src/projection/throughput.projection'
import { Reader } from '#platform/read-model/reader'
import { PARTNER_ROLE, STAFF_ROLE } from '#platform/read-model/roles'
import { partnerClient } from '../support/partner-client.js'
import { asPartner, type Shown, shownTo, tried } from '../support/partner-rows.js'
import { type ReadSide, readSide } from '../support/read-side.js'
import { AZAL, BALT, type Owner, twoOwners, wordsOf } from '../support/two-owners.js'

const BOTH: [Owner, Owner][] = [
  [AZAL, BALT],
  [BALT, AZAL],
]

/** Without a word of any owner: how the plant works. */
const NOBODYS = ['throughput.plant', 'throughput.lines']

describe('The rows of a read model', () => {
  let plant: ReadSide
  let client: pg.Client
  beforeAll(async () => {
    plant = await readSide(StandaloneModule)
    await plant.happened('2026-11-09T08:00:00Z', ...twoOwners())
    await plant.ask('/api/stock')
    await plant.ask('/api/throughput')
    client = new pg.Client({ connectionString: plant.database.url })
    await client.connect()
    for (const end = Date.now() + 20_000; ; ) {
      const { rowCount } = await client.query('SELECT FROM operations.reserved_coils')
      if (rowCount! >= 2 || Date.now() > end) break
    }
  })
  afterAll(async () => {
    await client.end()
    await plant.close()
  })
  beforeEach(() => client.query('BEGIN'))
  afterEach(() => client.query('ROLLBACK'))

  const leaksTo = async (me: Owner, other: Owner) => {
    const shown = await shownTo(client, me.code)
    const leaking = ({ rows }: Shown) => rows?.some((row) => wordsOf(other).test(row))
    return shown.filter(leaking).map(({ relation }) => relation)
  }

  it('are of both owners in every table, so that there is something to hold back', async () => {
    for (const projection of [inventory, throughputProjection, operationsProjection]) {
      for (const { name } of projection.tables) {
        const relation = `${projection.name}.${name}`
        const text = (await tried(client, `SELECT to_jsonb(t)::text AS row FROM ${relation} t`))!.join('\n')
        const found = BOTH.map(([owner]) => wordsOf(owner).test(text))
        expect([relation, found]).toEqual([relation, NOBODYS.includes(relation) ? [false, false] : [true, true]])
      }
    }
  })

  it.each(BOTH)('show $code nothing of the other, in whatever has a name', async (me, other) => {
    const shown = await shownTo(client, me.code)
    expect(await leaksTo(me, other)).toEqual(
      // Whom they sold to they know.
      ['throughput_partners.lead_times'],
    )
    const told = shown.filter(({ rows }) => rows !== undefined).map(({ relation }) => relation)
    const theirs = [inventory, throughputProjection, operationsProjection].flatMap(({ name, tables }) =>
      tables.filter(({ partnersSee }) => partnersSee !== 'nothing').map((table) => `${name}_partners.${table.name}`),
    )
    expect(told).toEqual(theirs.sort())
    const empty = shown.filter(({ rows }) => rows?.length === 0).map(({ relation }) => relation)
    expect(empty).toEqual([])
  })

  it.each([
    [
      'a table’s policies are off',
      'ALTER TABLE inventory.coils__1 DISABLE ROW LEVEL SECURITY',
      'inventory_partners.coils',
    ],
    [
      'a policy lets all through',
      'ALTER POLICY partners ON inventory.packing_lists__1 USING (true)',
      'inventory_partners.packing_lists',
    ],
    [
      'a view asks as its owner',
      'ALTER VIEW inventory_partners.coils SET (security_invoker = false)',
      'inventory_partners.coils',
    ],
    ['a schema is opened', 'GRANT USAGE ON SCHEMA inventory TO coiltrail_partner', 'inventory.coils__1'],
    [
      'a new table is forgotten',
      `GRANT USAGE ON SCHEMA operations TO coiltrail_partner;
      GRANT SELECT ON operations.reserved_coils__1 TO coiltrail_partner;
      ALTER TABLE operations.reserved_coils__1 DISABLE ROW LEVEL SECURITY`,
      'operations.reserved_coils__1',
    ],
  ])('would be found to leak if %s', async (_what, done, relation) => {
    await client.query(done)
    expect(await leaksTo(AZAL, BALT)).toContain(relation)
  })

  it('are one’s own by policy even where the schema of the tables is open: only columns are then too many', async () => {
    await client.query('GRANT USAGE ON SCHEMA inventory, throughput, operations TO coiltrail_partner')
    await asPartner(client, AZAL.code, async () => {
      for (const table of [
        'inventory.coils',
        'inventory.stock_counts',
        'inventory.metal_accounts',
        'throughput.coils',
      ]) {
        const owners = await tried(client, `SELECT DISTINCT "owner" AS row FROM ${table}__1`)
        expect([table, owners]).toEqual([table, [AZAL.code]])
      }
      for (const table of ['inventory.sales_orders', 'inventory.order_coils', 'operations.reserved_coils']) {
        expect([table, await tried(client, `SELECT '' AS row FROM ${table}__1`)]).toEqual([table, undefined])
      }
    })
  })

  it('are nobody’s for a role that names no partner', async () => {
    const shown = await shownTo(client, '')
    const rows = shown.flatMap(({ relation, rows = [] }) => rows.map((row) => `${relation} ${row}`))
    const open = /^(inventory_partners\.reference|throughput_partners\.plant) /
    expect(rows.filter((row) => !open.test(row))).toEqual([])
  })

  it('are changed by neither role', async () => {
    const { rows } = await client.query(
      `SELECT role, c.oid::regclass FROM pg_class c, unnest($1::text[]) role
       WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
         AND has_table_privilege(role, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')`,
      [[PARTNER_ROLE, STAFF_ROLE]],
    )
    expect(rows).toEqual([])
    await asPartner(client, AZAL.code, async () => {
      for (const change of ['DELETE FROM', 'INSERT INTO']) {
        const statement = `${change} inventory_partners.coils ${change.startsWith('I') ? 'DEFAULT VALUES' : ''}`
        expect([statement, await tried(client, statement)]).toEqual([statement, undefined])
      }
    })
  })

  it('are counted beside one’s own coils, and beside nobody else’s', async () => {
    const counted = (coils: string[]) =>
      tried(
        client,
        `SELECT to_jsonb(n)::text AS row FROM inventory_partners.count_edges(ARRAY['${coils.join("','")}']) n`,
      )
    await asPartner(client, AZAL.code, async () => {
      expect((await counted(['AZ-2']))!.map((row) => JSON.parse(row))).toEqual([
        { coil: 'AZ-2', sources: 1, targets: 2 },
      ])
      expect(await counted(['BX-2', 'GIVEN-BY-AZ', 'NEVER-WAS'])).toEqual([])
    })
  })

  it('are found by function only where they are one’s own, and by what their owner may know', async () => {
    const found = (call: string) => tried(client, `SELECT "coil" AS row FROM inventory_partners.${call} ORDER BY 1`)
    await asPartner(client, AZAL.code, async () => {
      expect(await found(`coils_numbered('{%-2%}')`)).toEqual(['AZ-2', 'AZ-2-KEPT', 'AZ-8', 'GIVEN-BY-BX'])
      expect(await found(`coils_numbered('{%BX-%}')`)).toEqual([])
      expect(await found(`coils_numbered('{%BX%,%GIVEN%}')`)).toEqual(['GIVEN-BY-BX'])
      expect(await found(`coils_of_melts('{HEAT-3,BX-HEAT}')`)).toEqual(['AZ-3', 'AZ-3-A'])
    })
  })

  it('stay one’s own when the application forgets its own filter', async () => {
    const { get } = await partnerClient(plant, AZAL.code)
    const paths = [
      ...['/api/stock?facets=true&limit=200', '/api/stock?q=1&sort=-netWeightKg', '/api/stock?owner=BALT&facets=true'],
      ...['/api/stock/summary?by=owner,physical', '/api/stock.csv', '/api/stock?minGaugeMm=1&facets=true'],
    ]
    const filtered = await Promise.all(paths.map(async (path) => (await get(path)).text))
    const forgotten = jest.spyOn(Reader.prototype, 'partner', 'get').mockReturnValue(undefined)
    try {
      const open = await Promise.all(paths.map(async (path) => (await get(path)).text))
      expect(open).toEqual(filtered)
      expect(forgotten).toHaveBeenCalled()
      expect(open.join('\n')).not.toMatch(wordsOf(BALT))
    } finally {
      forgotten.mockRestore()
    }
  })

  it('cost staff no more than the owner: their policy is not in the plan', async () => {
    await client.query('SET LOCAL enable_seqscan = off')
    const statement = `EXPLAIN (COSTS off) SELECT * FROM inventory.coil_numbers WHERE "numbers" LIKE '%BX-1%'`
    const plan = async () => (await client.query(statement)).rows.map((row) => row['QUERY PLAN'])
    const owners = await plan()
    await client.query(`SET LOCAL ROLE ${STAFF_ROLE}`)
    expect(await plan()).toEqual(owners)
    expect(owners.join('\n')).toContain('Bitmap Index Scan on coil_numbers__1_1')
  })
})

describe('A connection of a partner', () => {
  it('comes back to the partner’s role by RESET ROLE, and leaves it by SET ROLE NONE alone', async () => {
    const plant = await readSide(StandaloneModule)
    const client = new pg.Client({ connectionString: plant.database.url, options: '-c role=coiltrail_partner' })
    await client.connect()
    const role = async () => (await client.query('SELECT current_user AS role')).rows[0].role
    await client.query('RESET ROLE')
    expect(await role()).toBe('coiltrail_partner')
    await client.query('RESET ALL')
    expect(await role()).toBe('coiltrail_partner')
    // So that roles are against a forgotten condition, not against whoever may send any statement.
    await client.query('SET ROLE NONE')
    expect(await role()).not.toBe('coiltrail_partner')
    await client.end()
    await plant.close()
  })
})
