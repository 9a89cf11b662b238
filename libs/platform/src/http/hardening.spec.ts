import 'reflect-metadata'
import { Controller, Get, Logger, Module, Post } from '@nestjs/common'
import { type TestApp, testApp } from '#test/support/app'
import { Allow, AllowAnyone } from '../identity/allow.js'
import { PlainLogger } from '../plain-logger.js'

@Controller('trial')
class TrialController {
  @Get('read')
  @Allow('search-stock')
  read() {
    return {}
  }

  @Get('breaks')
  @AllowAnyone()
  breaks() {
    throw new Error('the password of postgres://coil:hush@db/coil was not right')
  }

  @Post('write')
  @Allow('weigh-coil')
  write() {
    return {}
  }
}

@Module({ controllers: [TrialController] })
class TrialModule {}

const KEY = `ct_operator_${'k'.repeat(43)}`

describe('Every answer', () => {
  let plain: TestApp
  let secure: TestApp
  beforeAll(async () => {
    plain = await testApp({ module: TrialModule })
    secure = await testApp({ module: TrialModule, settings: { PUBLIC_URL: 'https://coiltrail.example' } })
  })
  afterAll(async () => {
    await plain.close()
    await secure.close()
  })

  it.each(['/api/trial/read', '/api/trial/breaks', '/api/not-there', '/api/health/live', '/', '/%zz'])(
    'of %s tells browsers to load, frame, open and keep nothing',
    async (path) => {
      const { headers } = await plain.http.get(path)
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'x-frame-options': 'DENY',
      })
      expect([headers.get('x-powered-by'), headers.get('server')]).toEqual([null, null])
    },
  )

  it('by HTTPS binds browsers to HTTPS, and by plain HTTP does not', async () => {
    const ask = async ({ http }: TestApp) =>
      (await http.get('/api/trial/read')).headers.get('strict-transport-security')
    expect([await ask(secure), await ask(plain)]).toEqual(['max-age=31536000', null])
  })

  it('lets no other site in', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' }
    const preflight = await fetch(`${plain.url}/api/trial/write`, { method: 'OPTIONS', headers })
    const read = await plain.http.get('/api/trial/read', { headers: { origin: 'https://evil.example' } })
    for (const answer of [preflight, read]) {
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
    }
    expect(preflight.status).toBeGreaterThanOrEqual(400)
  })

  it('that something broke for says neither where nor how, which stands in the log under its id', async () => {
    const { status, body } = await plain.http.get('/api/trial/breaks')
    expect([status, body.rule]).toEqual([500, 'unexpected-error'])
    expect(JSON.stringify(body)).not.toMatch(/hush|postgres|\.ts|\.js|at /)
  })

  it.each([`/api/trial/read?key=${KEY}`, `/api/trial/read?access_token=${KEY}`, `/api/trial/${KEY}`])(
    'to a key in the address is a refusal, and does not repeat it: %s',
    async (path) => {
      const { status, body } = await plain.http.get(path)
      expect([status, body.rule]).toEqual([400, 'key-in-address'])
      expect(body.detail + JSON.stringify(body.errors ?? '')).not.toContain(KEY)
    },
  )
})

describe('The log', () => {
  const lines: string[] = []
  const { write } = process.stdout
  const error = process.stderr.write
  beforeAll(() => {
    const take = (chunk: string | Uint8Array) => lines.push(String(chunk)) > 0
    process.stdout.write = take
    process.stderr.write = take
  })
  afterAll(() => {
    process.stdout.write = write
    process.stderr.write = error
    Logger.overrideLogger(false)
  })

  it.each([
    ['a key', `asked with ${KEY}`],
    ['a header', `authorization: Bearer ${'x'.repeat(20)}.secret`],
    ['a session', `cookie coiltrail=${'s'.repeat(43)}; path=/`],
    ['a password of an address', 'cannot reach postgres://coil:secret@db:5432/coil'],
    ['a token of an identity provider', 'got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbmEifQ.c2VjcmV0'],
  ])('keeps %s to itself, in words, in errors and in their stacks', (_what, text) => {
    lines.length = 0
    const logger = new PlainLogger('debug')
    logger.log(text, 'Door')
    logger.warn(text)
    logger.error(new Error(text))
    logger.error('it broke', new Error(text).stack)
    logger.debug({ inside: text })
    const said = lines.join('')
    expect(said).toContain('…')
    expect(said).not.toMatch(/k{43}|s{43}|secret|eyJzdWIi|c2VjcmV0/)
    expect(said).toContain('it broke')
  })
})
