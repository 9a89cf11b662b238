import 'reflect-metadata'
import { Controller, Get, Module, Post } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import { type TestApp, testApp } from '#test/support/app'
import { type TestDatabase, testDatabase } from '#test/support/postgres'
import { AccessLog } from './access-log.js'
import { Allow } from './allow.js'
import { ApiKeys, type MadeKey } from './api-keys.js'
import { Authenticator } from './authenticator.js'
import { STAFF } from './roles.js'
import { hashOf } from './secrets.js'
import { SessionCookie } from './session-cookie.js'
import { Sessions } from './sessions.js'

@Controller('trial')
class TrialController {
  @Get('read')
  @Allow('search-stock')
  read() {
    return {}
  }

  @Post('write')
  @Allow('weigh-coil')
  write() {
    return {}
  }
}

@Module({ controllers: [TrialController] })
class TrialModule {}

@Controller('open')
class ForgetfulController {
  @Get('door')
  door() {
    return {}
  }
}

@Module({ controllers: [ForgetfulController] })
class ForgetfulModule {}

describe('Access', () => {
  let trial: TestApp
  beforeAll(async () => {
    trial = await testApp({ module: TrialModule })
  })
  afterAll(() => trial.close())

  it('is given to reads for a key of any role of the plant', async () => {
    for (const role of STAFF) expect((await trial.http.get('/api/trial/read', { as: role })).status).toBe(200)
  })

  it('is refused without a token', async () => {
    for (const answer of [
      await trial.http.get('/api/trial/read', { as: null }),
      await trial.http.post('/api/trial/write', {}, { as: null }),
    ]) {
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
      expect(answer.body.rule).toBe('not-signed-in')
    }
  })

  it.each([
    'Bearer',
    'Bearer nonsense',
    'Basic b3BlcmF0b3I6',
    `Bearer ct_operator_${'A'.repeat(43)}`,
    `Bearer ct_operator_${'A'.repeat(100_00)}`,
  ])('is refused for the header "%.40s"', async (authorization) => {
    const answer = await trial.http.post('/api/trial/write', {}, { as: null, headers: { authorization } })
    expect([answer.status, answer.body.rule]).toEqual([401, 'unknown-key'])
  })

  it('is given to the roles that may and to the administrator, and the others are told who may', async () => {
    for (const role of ['operator', 'quality', 'administrator'] as const) {
      expect((await trial.http.post('/api/trial/write', {}, { as: role })).status).toBe(201)
    }
    const answer = await trial.http.post('/api/trial/write', {}, { as: 'auditor' })
    expect(answer.status).toBe(403)
    expect(answer.body).toMatchObject({
      rule: 'not-allowed',
      values: { role: 'auditor', allowed: ['operator', 'quality', 'administrator'] },
    })
  })

  it('is refused for a source that does not exist', async () => {
    const answer = await trial.http.get('/api/trial/read', { headers: { 'x-source': 'telepathy' } })
    expect(answer.status).toBe(400)
  })

  it('stops the start of a product with a route that does not say who may call it', async () => {
    await expect(testApp({ module: ForgetfulModule })).rejects.toThrow(
      'These routes do not say who may call them, with @Allow(): GET open/door (ForgetfulController.door)',
    )
  })
})

describe('Keys', () => {
  let database: TestDatabase
  let keys: ApiKeys
  const authenticator = () => {
    const log = new AccessLog(database.pool)
    return new Authenticator(new ApiKeys(log), new Sessions(log), new SessionCookie(undefined))
  }
  const actorWith = (token: string) =>
    authenticator().actor({ headers: { authorization: `Bearer ${token}` }, cookies: {} } as FastifyRequest)
  beforeEach(async () => {
    database = await testDatabase()
    keys = new ApiKeys(new AccessLog(database.pool))
  })
  afterEach(() => database.drop())

  it('are made once, one for each role of the plant, where programs wait for them; only their hashes are kept', async () => {
    const shown: MadeKey[] = []
    await keys.prepare((made) => void shown.push(...made))
    await keys.prepare((made) => void shown.push(...made))

    expect(shown.map((key) => key.role)).toEqual([...STAFF])
    for (const { token, role } of shown) expect(token).toMatch(new RegExp(`^ct_${role}_[\\w-]{43}$`))
    for (const table of ['api_key', 'unrecorded_fact']) {
      const { rows } = await database.pool.query(`SELECT t::text AS row FROM identity.${table} t`)
      expect(rows).toHaveLength(STAFF.length)
      for (const { row } of rows) {
        for (const { token } of shown) expect(row).not.toContain(token.slice(-43))
      }
    }
  })

  it('are not made where nobody waits for them', async () => {
    await keys.prepare()
    expect(await keys.list()).toEqual([])
  })

  it('are made once when several processes start at the same moment', async () => {
    let showings = 0
    const start = () => new ApiKeys(new AccessLog(database.pool)).prepare(() => void showings++)
    await Promise.all([start(), start(), start(), start()])
    expect(showings).toBe(1)
  })

  it('are made again when showing them failed', async () => {
    const lost = keys.prepare(() => {
      throw new Error('no screen')
    })
    await expect(lost).rejects.toThrow('no screen')
    const shown: MadeKey[] = []
    await keys.prepare((made) => void shown.push(...made))
    expect(await keys.find(hashOf(shown[0]!.token))).toMatchObject({ role: 'operator' })
  })

  it('know whose they are, when they were used, and stop working when revoked', async () => {
    await keys.prepare()
    const gate = await keys.make({ role: 'partner', partner: 'AZAL', name: 'Gate 2', scope: { locations: ['GATE'] } })
    expect(await actorWith(gate.token)).toEqual({
      ...{ kind: 'key', id: gate.id, name: 'Gate 2', role: 'partner', partner: 'AZAL', source: 'api' },
      scope: { locations: ['GATE'] },
    })
    expect((await keys.list())[0]!.lastUsedAt).toBeInstanceOf(Date)
    expect(await keys.revoke(gate.id, 'lost')).toBe(true)
    expect(await keys.revoke(gate.id, 'lost')).toBe(false)
    expect(await keys.revoke('no such id', 'lost')).toBe(false)
    await expect(actorWith(gate.token)).rejects.toMatchObject({ rule: 'unknown-key' })
    expect((await keys.list()).find(({ id }) => id === gate.id)?.revokedAt).toBeInstanceOf(Date)
  })

  it('stop working when their time is over', async () => {
    await keys.prepare()
    const { token } = await keys.make({ role: 'operator', name: 'for a day', expiresAt: new Date(Date.now() + 300) })
    expect(await actorWith(token)).toMatchObject({ name: 'for a day' })
    await new Promise((resolve) => setTimeout(resolve, 400))
    await expect(actorWith(token)).rejects.toMatchObject({ rule: 'unknown-key' })
  })

  it('have names of their own, while they are in use', async () => {
    await keys.prepare()
    const first = await keys.make({ role: 'operator', name: 'Gate 2' })
    await expect(keys.make({ role: 'quality', name: 'gate 2' })).rejects.toMatchObject({ rule: 'name-taken' })
    await keys.revoke(first.id, 'replaced')
    await keys.make({ role: 'quality', name: 'gate 2' })
  })

  it('that stood in an older Coiltrail are good in this one, twins by name too', async () => {
    const { pool } = database
    await pool.query(`CREATE SCHEMA identity; CREATE TABLE identity.access_token (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(), role text NOT NULL, name text NOT NULL,
      sha256 bytea NOT NULL UNIQUE, created_at timestamptz NOT NULL DEFAULT now(), revoked_at timestamptz)`)
    const tokens = ['A', 'B'].map((letter) => `ct_operator_${letter.repeat(43)}`)
    for (const token of tokens) {
      await pool.query(`INSERT INTO identity.access_token (role, name, sha256) VALUES ('operator', 'tablet', $1)`, [
        hashOf(token),
      ])
    }
    await keys.prepare()
    const names = await Promise.all(tokens.map(async (token) => (await actorWith(token)).name))
    expect(new Set(names).size).toBe(2)
  })
})
