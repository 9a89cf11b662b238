import 'reflect-metadata'
import { Controller, Get, Module, Post } from '@nestjs/common'
import { type TestApp, testApp } from '#test/support/app'
import { testDatabase } from '#test/support/postgres'
import { readConfig } from '../config.js'
import { createApp } from '../http/create-app.js'
import { AccessTokens, hashOf, type MadeToken } from './access-tokens.js'
import { Allow } from './allow.js'
import { Authenticator } from './authenticator.js'
import { ROLES } from './roles.js'

@Controller('trial')
class TrialController {
  @Get('read')
  @Allow()
  read() {
    return {}
  }

  @Post('write')
  @Allow('operator', 'quality')
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

  it('is given to reads for a token of any role', async () => {
    for (const role of ROLES) expect((await trial.http.get('/api/trial/read', { as: role })).status).toBe(200)
  })

  it('is refused without a token', async () => {
    for (const answer of [
      await trial.http.get('/api/trial/read', { as: null }),
      await trial.http.post('/api/trial/write', {}, { as: null }),
    ]) {
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
      expect(answer.body.rule).toBe('no-access-token')
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
    expect([answer.status, answer.body.rule]).toEqual([401, 'unknown-access-token'])
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

describe('Access tokens', () => {
  it('are made once, one for each role, and only their hashes are kept', async () => {
    const database = await testDatabase()
    const tokens = new AccessTokens(database.pool)
    const shown: MadeToken[] = []
    await tokens.prepare((made) => void shown.push(...made))
    await tokens.prepare((made) => void shown.push(...made))

    expect(shown.map((token) => token.role)).toEqual([...ROLES])
    for (const { token, role } of shown) expect(token).toMatch(new RegExp(`^ct_${role}_[\\w-]{43}$`))
    const { rows } = await database.pool.query('SELECT t::text AS row FROM identity.access_token t')
    expect(rows).toHaveLength(ROLES.length)
    for (const { row } of rows) {
      for (const { token } of shown) expect(row).not.toContain(token.slice(-43))
    }
    await database.drop()
  })

  it('are made once when several processes start at the same moment', async () => {
    const database = await testDatabase()
    let showings = 0
    const start = () => new AccessTokens(database.pool).prepare(() => void showings++)
    await Promise.all([start(), start(), start(), start()])
    expect(showings).toBe(1)
    await database.drop()
  })

  it('are made again when showing them failed', async () => {
    const database = await testDatabase()
    const tokens = new AccessTokens(database.pool)
    const lost = tokens.prepare(() => {
      throw new Error('no screen')
    })
    await expect(lost).rejects.toThrow('no screen')
    const shown: MadeToken[] = []
    await tokens.prepare((made) => void shown.push(...made))
    expect(await tokens.find(hashOf(shown[0]!.token))).toMatchObject({ role: 'operator' })
    await database.drop()
  })

  it('can be made for a person and stop working when revoked', async () => {
    const database = await testDatabase()
    const tokens = new AccessTokens(database.pool)
    await tokens.prepare(() => {})
    const gate = await tokens.make('operator', 'Gate 2')
    expect(await new Authenticator(tokens).whose(gate.token)).toEqual({ id: gate.id, role: 'operator', name: 'Gate 2' })
    expect(await tokens.revoke(gate.id)).toBe(true)
    expect(await tokens.revoke(gate.id)).toBe(false)
    expect(await tokens.revoke('no such id')).toBe(false)
    expect(await new Authenticator(tokens).whose(gate.token)).toBeUndefined()
    expect((await tokens.list()).find(({ id }) => id === gate.id)?.revokedAt).toBeInstanceOf(Date)
    await database.drop()
  })

  it('are shown on the screen when no file is asked for, and never in the log', async () => {
    const database = await testDatabase()
    const screen: string[] = []
    const logged: unknown[] = []
    const write = process.stdout.write
    process.stdout.write = (chunk: string | Uint8Array) => screen.push(String(chunk)) > 0
    const log = (...words: unknown[]) => void logged.push(...words)
    const logger = { log, error: log, warn: log, debug: log, verbose: log }
    try {
      const settings = { config: readConfig({}), databaseUrl: database.url, logger }
      for (let start = 0; start < 2; start++) {
        const app = await createApp(TrialModule, settings)
        await app.init()
        await app.close()
      }
    } finally {
      process.stdout.write = write
    }
    expect(screen.join('').match(/ct_[a-z-]+_[\w-]{43}/g)).toHaveLength(ROLES.length)
    expect(logged.join(' ')).not.toContain('ct_')
    await database.drop()
  })
})
