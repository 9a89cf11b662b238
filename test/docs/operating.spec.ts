import 'reflect-metadata'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import pg from 'pg'
import { StandaloneModule } from '#apps/standalone/src/standalone.module'
import { readConfig } from '#platform/config'
import { createApp } from '#platform/http/create-app'
import { AccessLog } from '#platform/identity/access-log'
import { ApiKeys } from '#platform/identity/api-keys'
import { httpClient, type TestHttp } from '#test/support/http'
import { notRun } from '#test/support/not-run'
import { ROOT } from './documents.js'
import { blocks } from './pages.js'

const ROLE_EXISTS = '42710'
const NEEDED = ['event_store', 'identity']

describe('A PostgreSQL of an operator', () => {
  const server = process.env.COILTRAIL_TEST_POSTGRES!
  const name = `operator_${randomBytes(6).toString('hex')}`
  const owned = new URL(server)
  let admin: pg.Client
  let mayMakeRoles: boolean
  beforeAll(async () => {
    admin = new pg.Client({ connectionString: server })
    await admin.connect()
    const { rows } = await admin.query(
      'SELECT rolcreaterole OR rolsuper AS may FROM pg_roles WHERE rolname = current_user',
    )
    mayMakeRoles = rows[0].may
  })
  afterAll(async () => {
    if (mayMakeRoles) {
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
      await admin.query(`DROP ROLE IF EXISTS ${name}`)
    }
    await admin.end()
  })

  it('is made as the page says, and holds all that must be kept in the two schemas that it names', async () => {
    if (!mayMakeRoles) {
      notRun('the rights that a PostgreSQL of an operator needs', 'the user of DATABASE_URL may not make roles')
      return
    }
    const page = await readFile(join(ROOT, 'docs/operating.md'), 'utf8')
    for (const schema of NEEDED) expect(page).toContain(`--schema=${schema}`)
    const [statements] = blocks(page, 'sql')
    for (const statement of statements!.trim().split('\n')) {
      const own = statement.replaceAll(/\bcoiltrail\b/g, name).replace("'...'", "'secret'")
      await admin.query(own).catch((error: pg.DatabaseError) => {
        // The two roles are the whole server's: other specs may have made them.
        if (error.code !== ROLE_EXISTS) throw error
      })
    }
    Object.assign(owned, { username: name, password: 'secret', pathname: `/${name}` })

    const first = await start(owned.href)
    const csv = await readFile(join(ROOT, 'test/fixtures/packing-list-AZ-261107.csv'), 'utf8')
    const headers = { 'content-type': 'text/csv' }
    const { body } = await first.http.post('/api/packing-lists', csv, { headers })
    const before = await seen(first.http, body.token)
    await first.app.close()

    await onDatabase(owned.href, async (database) => {
      const { rows } = await database.query<{ schema: string }>(
        `SELECT nspname AS schema FROM pg_namespace WHERE nspowner = current_user::regrole`,
      )
      const schemas = rows.map(({ schema }) => schema).sort()
      const readModels = ['inventory', 'operations', 'throughput']
      expect(schemas).toEqual([...NEEDED, ...readModels, ...readModels.map((name) => `${name}_partners`)].sort())
      for (const schema of schemas) expect(page).toContain(`\`${schema}\``)
      const others = schemas.filter((schema) => !NEEDED.includes(schema))
      await database.query(`DROP SCHEMA ${others.join(', ')} CASCADE`)
    })

    const again = await start(owned.href, first.token)
    expect(await seen(again.http, body.token)).toEqual(before)
    await again.app.close()
  })
})

const seen = async (http: TestHttp, token: string) => ({
  stock: (await http.get(`/api/stock/expected?after=${token}`)).body,
  passport: (await http.get(`/api/coils/AZ-261107-001?after=${token}`)).body,
})

/** With the token that was made at the first start, if it is not this one. */
async function start(
  url: string,
  known?: string,
): Promise<{ app: NestFastifyApplication; http: TestHttp; token: string }> {
  const token = known ?? (await tokenOfFirstStart(url))
  const app = await createApp(StandaloneModule, { config: readConfig({}), databaseUrl: url, logger: false })
  await app.listen(0, '127.0.0.1')
  const { port } = app.getHttpServer().address() as { port: number }
  return { app, token, http: httpClient(`http://127.0.0.1:${port}`, () => token) }
}

async function tokenOfFirstStart(url: string): Promise<string> {
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  let token = ''
  await new ApiKeys(new AccessLog(pool)).prepare((made) => {
    token = made.find(({ role }) => role === 'administrator')!.token
  })
  await pool.end()
  return token
}

async function onDatabase(url: string, work: (database: pg.Client) => Promise<void>): Promise<void> {
  const database = new pg.Client({ connectionString: url })
  await database.connect()
  try {
    await work(database)
  } finally {
    await database.end()
  }
}
