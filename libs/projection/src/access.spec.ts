import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { ASKING_PARTNER, PARTNER_ROLE, STAFF_ROLE } from '#platform/read-model/roles'
import { ledger, record } from '#test/fixtures/ledger/ledger'
import { type TestDatabase, testDatabase } from '#test/support/postgres'
import { find, onOneConnection, prepare } from './builds.js'
import type { Projection } from './projection.js'
import { BuildWriter } from './writer.js'

const TABLES = ledger().tables

/** Each partner sees the coils whose tag is their code, and of these not where they are. */
const guarded = (version = 1, rows = `"tags"[1] = ${ASKING_PARTNER}`): Projection => ({
  ...ledger(version),
  tables: TABLES.map((table) =>
    table.name === 'coils' ? { ...table, partnersSee: { rows: () => rows, instead: { location: `'here'` } } } : table,
  ),
})

describe('Rights on a read model', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await testDatabase()
    await start(guarded())
    await onOneConnection(database.pool, async (client) => {
      const build = (await find(client, ledger(), 'live'))!
      const writer = await BuildWriter.open(client, ledger(), build, { keep: 0, tells: false })
      const arrived = (tag: string) => ({ type: 'CoilReceived', kg: 7000, location: `bay of ${tag}`, tag }) as const
      await writer.take(record(['AZAL', 'BALT'].map((tag) => ({ stream: `coil-${tag}`, fact: arrived(tag) }))))
      await writer.commit()
    })
  })
  afterEach(() => database.drop())

  const start = (projection: Projection) => onOneConnection(database.pool, (client) => prepare(client, projection))

  const seenBy = async (role: string, relation: string) =>
    onOneConnection(database.pool, async (client) => {
      await client.query(`BEGIN; SELECT set_config('coiltrail.partner', 'AZAL', true); SET LOCAL ROLE ${role}`)
      try {
        const { rows } = await client.query(`SELECT number, location FROM ${relation} ORDER BY number`)
        return rows.map(({ number, location }) => `${number} in ${location}`)
      } catch (error) {
        return (error as Error).message
      } finally {
        await client.query('ROLLBACK')
      }
    })
  const ALL = ['coil-AZAL in bay of AZAL', 'coil-BALT in bay of BALT']
  const OWN = ['coil-AZAL in here']
  const REFUSED = 'permission denied for schema ledger'

  const asItShouldBe = async () => {
    expect(await seenBy(STAFF_ROLE, 'ledger.coils')).toEqual(ALL)
    expect(await seenBy(PARTNER_ROLE, 'ledger_partners.coils')).toEqual(OWN)
    expect(await seenBy(PARTNER_ROLE, 'ledger.coils')).toBe(REFUSED)
    expect(await seenBy(PARTNER_ROLE, 'ledger.coils__1')).toBe(REFUSED)
    expect((await database.pool.query('SELECT build FROM ledger.builds')).rows).toEqual([{ build: 1 }])
  }

  it('are there from the first start on, and the same after every further one', async () => {
    await asItShouldBe()
    await start(guarded())
    await Promise.all([start(guarded()), start(guarded()), start(guarded())])
    await asItShouldBe()
  })

  it('come to tables that were made before there were any, without building them anew', async () => {
    await database.pool.query(`DROP SCHEMA ledger_partners CASCADE;
      DROP POLICY staff ON ledger.coils__1; DROP POLICY partners ON ledger.coils__1; DROP POLICY staff ON ledger.bays__1;
      ALTER TABLE ledger.coils__1 DISABLE ROW LEVEL SECURITY; ALTER TABLE ledger.bays__1 DISABLE ROW LEVEL SECURITY;
      REVOKE ALL ON ALL TABLES IN SCHEMA ledger FROM ${STAFF_ROLE}, ${PARTNER_ROLE};
      REVOKE ALL ON SCHEMA ledger FROM ${STAFF_ROLE}; ALTER VIEW ledger.coils RESET (security_invoker)`)
    await start(guarded())
    await asItShouldBe()
  })

  it('follow what the code says of partners, without building the tables anew', async () => {
    await start(guarded(1, 'false'))
    expect(await seenBy(PARTNER_ROLE, 'ledger_partners.coils')).toEqual([])
    await start(ledger())
    expect(await seenBy(PARTNER_ROLE, 'ledger_partners.coils')).toContain('does not exist')
    expect(await seenBy(STAFF_ROLE, 'ledger.coils')).toEqual(ALL)
    await start(guarded())
    await asItShouldBe()
  })

  it('leave tables of an older version to staff, until they are built anew', async () => {
    await start(guarded(2))
    expect(await seenBy(STAFF_ROLE, 'ledger.coils')).toEqual(ALL)
    expect(await seenBy(PARTNER_ROLE, 'ledger_partners.coils')).toContain('does not exist')
  })

  it('are not touched by an older version that starts beside a newer one', async () => {
    await database.pool.query('UPDATE ledger.builds SET version = 2')
    await start(guarded(1, 'true'))
    await asItShouldBe()
  })
})
