import 'reflect-metadata'
import { Body, Controller, Get, Inject, Injectable, Module, Param, Post, Query, UseInterceptors } from '@nestjs/common'
import pg from 'pg'
import { z } from 'zod'
import { Refused, refuse, unknownThing } from '#domain/refusal'
import { AppendTooLargeError } from '#event-store/draft'
import { ConflictError, StoreUnavailableError } from '#event-store/event-store'
import { type TestApp, testApp } from '#test/support/app'
import { after, type ReadModelPosition, WaitForAfter } from '../consistency.js'
import { HealthParts, type PartHealth } from '../health/health.js'
import { Allow, AllowAnyone, CurrentActor } from '../identity/allow.js'
import type { Actor } from '../identity/roles.js'
import { pageLimit } from '../paging.js'
import { DATABASE_URL } from '../store.js'

const coil = z.strictObject({
  number: z.string().min(1),
  widths: z.array(z.number().positive()),
  kind: z.union([z.literal('cast'), z.strictObject({ from: z.string() })]).optional(),
})

@Injectable()
class Position implements ReadModelPosition {
  async waitFor(position: bigint): Promise<boolean> {
    return position <= 7n
  }
}

@Controller('trial')
class TrialController {
  constructor(@Inject(DATABASE_URL) private readonly url: string) {}

  @Post('coils')
  @Allow('receive-coils')
  record(@Body({ schema: coil }) body: z.output<typeof coil>, @CurrentActor() actor: Actor) {
    return { body, actor }
  }

  @Get('coils/:number')
  @Allow('search-stock')
  find(
    @Param('number', { schema: z.string().max(5, 'too long a number') }) number: string,
    @Query({ schema: z.strictObject({ ...after, ...pageLimit }) }) query: { limit: number },
  ) {
    return { number, limit: query.limit }
  }

  @Get('seen')
  @Allow('search-stock')
  @UseInterceptors(WaitForAfter(Position))
  seen(@Query({ schema: z.strictObject(after) }) query: { after?: string }) {
    return query
  }

  @Get('fails/:how')
  @AllowAnyone()
  async fail(@Param('how') how: string) {
    if (how === 'held') refuse('coil-on-hold', 'coil AZ-1 is on hold: surface', { coil: 'AZ-1' }, '/coil')
    if (how === 'unknown') throw new Refused([unknownThing('coil', 'AZ-9', '/coil')])
    if (how === 'several') {
      throw new Refused([
        { rule: 'coil-on-hold', message: 'held', values: {} },
        { rule: 'mass-balance', message: '12 kg are missing', values: { kg: 12 }, field: '/outputs' },
      ])
    }
    if (how === 'too-much') throw new AppendTooLargeError('more than 10000 events in one append')
    if (how === 'conflict') throw new ConflictError('coil-AZ-1', 3, 4)
    if (how === 'store') throw new StoreUnavailableError('away')
    if (how === 'database') await endedByTheServer(this.url)
    if (how === 'nowhere') await new pg.Pool({ host: '127.0.0.1', port: 1 }).query('SELECT 1')
    throw new TypeError('secret internals')
  }
}

async function endedByTheServer(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  client.on('error', () => {})
  await client.connect()
  await client.query('SELECT pg_terminate_backend(pg_backend_pid())')
}

@Module({ controllers: [TrialController], providers: [Position] })
class TrialModule {}

describe('A request', () => {
  let trial: TestApp
  beforeAll(async () => {
    trial = await testApp({ module: TrialModule })
  })
  afterAll(() => trial.close())
  const fails = (how: string) => trial.http.get(`/api/trial/fails/${how}`, { as: null })

  it('that is right is answered, with who did it and by what', async () => {
    const answer = await trial.http.post(
      '/api/trial/coils',
      { number: 'AZ-1', widths: [500] },
      { as: 'operator', headers: { 'x-source': 'scanner' } },
    )
    expect(answer.status).toBe(201)
    expect(answer.body).toEqual({
      body: { number: 'AZ-1', widths: [500] },
      actor: { kind: 'key', id: expect.any(String), scope: {}, name: 'operator', role: 'operator', source: 'scanner' },
    })
  })

  it('with several faults is told all of them at once, each by its pointer', async () => {
    const answer = await trial.http.post('/api/trial/coils', {
      widths: [500, -1, 'wide'],
      colour: 'red',
      kind: { form: 'x' },
    })
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(answer.body).toMatchObject({
      type: '/problems/invalid-request',
      title: 'Invalid request',
      status: 400,
      instance: '/api/trial/coils',
      rule: 'invalid-request',
    })
    const faults = answer.body.errors.map(({ pointer, rule, value }: Record<string, unknown>) => [pointer, rule, value])
    expect(faults).toEqual([
      ['/number', 'required', undefined],
      ['/widths/1', 'too-small', -1],
      ['/widths/2', 'invalid-type', 'wide'],
      ['/kind', 'invalid-value', undefined],
      // Not repeated: it may be a password in a field that was mistyped.
      ['/colour', 'unknown-field', undefined],
    ])
  })

  it('has faults of its address and its query told as such', async () => {
    const query = await trial.http.get('/api/trial/coils/AZ-1?limit=0&page=2')
    expect(query.status).toBe(400)
    expect(query.body.errors).toMatchObject([
      { in: 'query', pointer: '/limit', rule: 'too-small' },
      { in: 'query', pointer: '/page', rule: 'unknown-field' },
    ])
    const path = await trial.http.get('/api/trial/coils/AZ-123456')
    expect(path.body.errors).toEqual([
      { in: 'path', pointer: '/number', rule: 'too-big', message: 'too long a number', value: 'AZ-123456' },
    ])
  })

  it('asks for no more than 200 at once, and gets 50 unless it says', async () => {
    expect((await trial.http.get('/api/trial/coils/AZ-1')).body.limit).toBe(50)
    expect((await trial.http.get('/api/trial/coils/AZ-1?limit=201')).status).toBe(400)
  })

  it.each([
    ['that is not JSON', '{"number": ', 'application/json', 400, 'invalid-request'],
    ['that is empty', '', 'application/json', 400, 'invalid-request'],
    ['that poisons prototypes', '{"__proto__": {"admin": true}}', 'application/json', 400, 'invalid-request'],
    ['of a type that nobody takes', '<coil/>', 'application/xml', 415, 'unsupported-media-type'],
    ['that is a plain text', '{"number":"AZ-1","widths":[]}', 'text/plain', 415, 'unsupported-media-type'],
    ['of a web form', 'number=AZ-1', 'application/x-www-form-urlencoded', 415, 'unsupported-media-type'],
    ['of more than 5 MB', `{"number":"${'x'.repeat(5 * 1024 * 1024)}"}`, 'application/json', 413, 'request-too-large'],
  ])('with a body %s is refused as a problem', async (_what, body, type, status, rule) => {
    const answer = await trial.http.post('/api/trial/coils', body, { headers: { 'content-type': type } })
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(answer.body).toMatchObject({ rule, type: `/problems/${rule}` })
  })

  it.each(['/api/nowhere', '/nowhere', '/api/trial/coils/%E0%A4%A'])(
    'to %s is answered with a problem',
    async (path) => {
      const answer = await trial.http.get(path)
      expect([400, 404]).toContain(answer.status)
      expect(answer.headers.get('content-type')).toContain('application/problem+json')
    },
  )

  it('that breaks one rule is told which, with its values', async () => {
    const answer = await fails('held')
    expect(answer.status).toBe(422)
    expect(answer.body).toMatchObject({
      type: '/problems/coil-on-hold',
      title: 'Coil on hold',
      detail: 'coil AZ-1 is on hold: surface',
      values: { coil: 'AZ-1' },
      errors: [{ pointer: '/coil', rule: 'coil-on-hold' }],
    })
  })

  it('that breaks several rules is told them all', async () => {
    const answer = await fails('several')
    expect(answer.status).toBe(422)
    expect(answer.body.rule).toBe('several-rules-broken')
    expect(answer.body.errors.map((error: { rule: string }) => error.rule)).toEqual(['coil-on-hold', 'mass-balance'])
  })

  it.each([
    ['unknown', 404, 'unknown-coil', null],
    ['too-much', 422, 'too-much-at-once', null],
    ['conflict', 409, 'changed-meanwhile', '1'],
    ['store', 503, 'store-unavailable', '2'],
    ['database', 503, 'store-unavailable', '2'],
    ['nowhere', 503, 'store-unavailable', '2'],
  ])('that meets %s is answered with %i', async (how, status, rule, retryAfter) => {
    const answer = await fails(how)
    expect(answer.status).toBe(status)
    expect(answer.body.rule).toBe(rule)
    expect(answer.headers.get('retry-after')).toBe(retryAfter)
  })

  it('that we fail ourselves tells nothing of our insides but the id in the log', async () => {
    const answer = await fails('bug')
    expect(answer.status).toBe(500)
    expect(JSON.stringify(answer.body)).not.toMatch(/secret|TypeError|at /)
    expect(answer.body.correlationId).toBe(answer.headers.get('x-correlation-id'))
  })

  it('with ?after= waits until the read model has it, and is asked to come again if it has not', async () => {
    expect((await trial.http.get('/api/trial/seen?after=7')).body).toEqual({ after: '7' })
    const late = await trial.http.get('/api/trial/seen?after=8')
    expect(late.status).toBe(503)
    expect(late.body.rule).toBe('not-yet-visible')
    expect(late.headers.get('retry-after')).toBe('1')
    for (const wrong of ['x', '-1', '99999999999999999999', '9999999999999999999', '1&after=2']) {
      expect((await trial.http.get(`/api/trial/seen?after=${wrong}`)).status).toBe(400)
    }
  })

  it('keeps the correlation id of its sender', async () => {
    const answer = await trial.http.get('/api/health/live', { headers: { 'x-correlation-id': 'tablet-7-000123' } })
    expect(answer.headers.get('x-correlation-id')).toBe('tablet-7-000123')
  })

  it('for health gets the state of every part, and 503 when one is down', async () => {
    let state: PartHealth = { status: 'up' }
    trial.app.get(HealthParts).register('projection', () => state)
    expect((await trial.http.get('/api/health/ready', { as: null })).body).toEqual({
      status: 'up',
      parts: { database: { status: 'up' }, 'event-store': { status: 'up' }, projection: { status: 'up' } },
    })
    state = { status: 'degraded', parkedStreams: 1 }
    const degraded = await trial.http.get('/api/health/ready', { as: null })
    expect([degraded.status, degraded.body.status]).toEqual([200, 'degraded'])
    state = { status: 'down' }
    expect((await trial.http.get('/api/health/ready', { as: null })).status).toBe(503)
  })

  it('for the documentation is answered without a token and without the internet', async () => {
    const document = await trial.http.get('/api/openapi.json', { as: null })
    expect(document.body.openapi).toBe('3.1.0')
    const record = document.body.paths['/api/trial/coils'].post
    expect(record).toMatchObject({
      security: [{ bearer: [] }, { cookie: [] }],
      'x-roles': ['operator', 'administrator'],
    })
    const schema = JSON.stringify(record.requestBody)
    expect(schema).toContain('widths')

    const page = await trial.http.get('/api/docs', { as: null })
    expect(page.status).toBe(200)
    const loads = [...page.body.matchAll(/(?:src|href)="([^"#]+)"/g)].map((match) => match[1])
    expect(loads.length).toBeGreaterThan(3)
    for (const address of loads) {
      expect(address).toMatch(/^\.\//)
      expect((await fetch(new URL(address, `${trial.url}/api/docs`))).status).toBe(200)
    }
  })
})
