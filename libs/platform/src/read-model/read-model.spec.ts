import 'reflect-metadata'
import { setTimeout as sleep } from 'node:timers/promises'
import { Injectable, Module } from '@nestjs/common'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import pg from 'pg'
import { type TestDatabase, testDatabase } from '#test/support/postgres'
import { readConfig } from '../config.js'
import { createApp } from '../http/create-app.js'
import { actAs } from '../identity/acting.js'
import type { Actor } from '../identity/roles.js'
import { readModelModule } from './read-model.module.js'
import { InjectReader, Reader } from './reader.js'
import { ASKING_PARTNER, ensureReaderRoles, PARTNER_ROLE, STAFF_ROLE } from './roles.js'

@Injectable()
class Stock {
  constructor(@InjectReader('trial') readonly reader: Reader) {}
}

@Module({ imports: [readModelModule('trial')], providers: [Stock] })
class TrialModule {}

const whoever = { kind: 'key', id: '1', name: 'Ana', source: 'api' } as const
const ana: Actor = { ...whoever, role: 'sales' }
const azal: Actor = { ...whoever, role: 'partner', partner: 'AZAL' }

const WHO = `SELECT current_user AS role, current_schemas(false)::text AS schemas, ${ASKING_PARTNER} AS partner`

describe('A read model', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await testDatabase()
    await database.pool.query('CREATE SCHEMA trial; CREATE SCHEMA trial_partners')
  })
  const apps: NestFastifyApplication[] = []
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.close()))
    await database.drop()
  })

  const start = async () => {
    const config = readConfig({ COILTRAIL_TOKENS_FILE: '/dev/null' })
    const app = await createApp(TrialModule, { config, databaseUrl: database.url, logger: false })
    await app.init()
    apps.push(app)
    return app.get(Stock).reader
  }

  it('is asked by a role for staff and by another for partners, neither of which owns anything, nor may write', async () => {
    const reader = await start()
    const seen = (actor: Actor) => actAs(actor, () => reader.query(WHO))
    await database.pool.query(`GRANT USAGE ON SCHEMA trial TO ${STAFF_ROLE};
      GRANT USAGE ON SCHEMA trial_partners TO ${PARTNER_ROLE}`)
    expect(await seen(ana)).toEqual([{ role: STAFF_ROLE, schemas: '{trial,public}', partner: null }])
    expect(await seen(azal)).toEqual([{ role: PARTNER_ROLE, schemas: '{trial_partners,public}', partner: 'AZAL' }])
    for (const actor of [ana, azal]) {
      const write = () => reader.query('CREATE TABLE trial.mine ()')
      await expect(actAs(actor, write)).rejects.toThrow(/permission denied|read-only/)
    }
  })

  it('forgets a partner with the answer, and takes no code for a statement', async () => {
    const reader = await start()
    const odd = { ...azal, partner: `A'; DROP SCHEMA trial; --` }
    expect(await actAs(odd, () => reader.query(WHO))).toMatchObject([{ partner: odd.partner }])
    await expect(actAs(azal, () => reader.query('SELECT 1/0'))).rejects.toThrow('division by zero')
    const { rows } = await database.pool.query(`SELECT query FROM pg_stat_activity WHERE datname = current_database()
      AND application_name LIKE 'coiltrail trial%' AND state LIKE 'idle in transaction%'`)
    expect(rows).toEqual([])
  })

  it('answers nobody: neither outside of a request nor a partner without a code', async () => {
    const reader = await start()
    await expect(reader.query(WHO)).rejects.toThrow('nobody is known for whom this is done')
    const nameless: Actor = { ...whoever, role: 'partner' }
    await expect(actAs(nameless, () => reader.query(WHO))).rejects.toThrow('without a code')
    await expect(actAs(nameless, () => reader.stream(WHO, []))).rejects.toThrow('without a code')
  })

  it('asks a partner to come again while there is nothing yet that they may see', async () => {
    const reader = await start()
    await database.pool.query(`GRANT USAGE ON SCHEMA trial_partners TO ${PARTNER_ROLE}`)
    const asked = actAs(azal, () => reader.query('SELECT * FROM coils'))
    await expect(asked).rejects.toMatchObject({ status: 503, rule: 'not-yet-visible' })
    const streamed = actAs(azal, () => reader.stream('SELECT * FROM coils', []))
    await expect(streamed).rejects.toMatchObject({ status: 503, rule: 'not-yet-visible' })
  })

  it('does not go on for ever with what a partner asks, whether or not they still wait', async () => {
    const reader = await start()
    const asked = actAs(azal, () => reader.query('SELECT pg_sleep(60)'))
    await expect(asked).rejects.toMatchObject({ status: 503, rule: 'takes-too-long' })
    expect(await actAs(azal, () => reader.query('SELECT 1 AS one'))).toEqual([{ one: 1 }])
    expect(await actAs(ana, () => reader.query('SHOW statement_timeout'))).toEqual([{ statement_timeout: '0' }])
  }, 30_000)

  it('gives its connections back, whether a stream was read to its end or left', async () => {
    const reader = await start()
    for (let n = 0; n < 25; n++) {
      const rows = await actAs(azal, () => reader.stream('SELECT generate_series(1, 10000)', []))
      if (n % 2) rows.destroy()
      else expect(await rows.reduce((count) => count + 1, 0)).toBe(10_000)
      if (n < 5) for await (const _ of await actAs(azal, () => reader.stream('SELECT WHERE false', [])));
    }
    await Promise.all(apps.splice(0).map((app) => app.close()))
    const end = Date.now() + 5_000
    while ((await connections(database)) > 0 && Date.now() < end) await sleep(20)
    expect(await connections(database)).toBe(0)
  })
})

describe('The roles that read models are asked by', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await testDatabase()
  })
  afterEach(() => database.drop())

  it('are made once, however many databases of a server begin at the same moment', async () => {
    const clients = Array.from({ length: 8 }, () => new pg.Client({ connectionString: database.url }))
    await Promise.all(clients.map((client) => client.connect()))
    await Promise.all(clients.map((client) => ensureReaderRoles(client)))
    await Promise.all(clients.map((client) => client.end()))
    const { rows } = await database.pool.query(
      `SELECT rolname, rolcanlogin, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = ANY($1)`,
      [[STAFF_ROLE, PARTNER_ROLE]],
    )
    const plain = { rolcanlogin: false, rolsuper: false, rolbypassrls: false }
    expect(rows).toEqual(expect.arrayContaining([STAFF_ROLE, PARTNER_ROLE].map((rolname) => ({ rolname, ...plain }))))
  })

  it('are asked for in a sentence, with the statements, by a user who may not make them', async () => {
    const user = `plain_${database.url.slice(-16)}`
    await database.pool.query(`CREATE ROLE ${user} LOGIN PASSWORD 'x'`)
    const address = new URL(database.url)
    address.username = user
    address.password = 'x'
    const client = new pg.Client({ connectionString: address.href })
    await client.connect()
    try {
      const statement = `GRANT ${STAFF_ROLE}, ${PARTNER_ROLE} TO ${user}`
      await expect(ensureReaderRoles(client)).rejects.toThrow(`${statement};`)
      await database.pool.query(statement)
      await ensureReaderRoles(client)
    } finally {
      await client.end()
      await database.pool.query(`DROP ROLE ${user}`)
    }
  })
})

async function connections({ pool }: TestDatabase): Promise<number> {
  const { rows } = await pool.query(`SELECT count(*)::int AS open FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'coiltrail trial%'`)
  return rows[0].open
}
