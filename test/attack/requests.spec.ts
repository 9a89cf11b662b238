/** Requests as nobody sends them by accident: to the whole product, over the wire. */
import { gzipSync } from 'node:zlib'
import { type TestApp, testApp } from '../support/app.js'
import { dial, sendRaw, statusOf } from './raw.js'

let plant: TestApp
beforeAll(async () => {
  plant = await testApp()
})
afterAll(() => plant.close())

const isWell = async () => (await plant.http.get('/api/stock?limit=1')).status === 200
const bearer = () => `Authorization: Bearer ${plant.token('administrator')}\r\nHost: plant\r\nConnection: close\r\n`
const post = (path: string, body: string | Buffer, more = '') =>
  sendRaw(
    plant.url,
    Buffer.concat([
      Buffer.from(
        `POST ${path} HTTP/1.1\r\n${bearer()}Content-Type: application/json\r\nIdempotency-Key: attack-${Math.random()}\r\n` +
          `${more}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`,
      ),
      Buffer.from(body),
    ]),
  )

describe('An address that is made to lead elsewhere', () => {
  it.each([
    ...['/api/../../../../etc/passwd', '/../package.json', '/api/docs/../../package.json', '/./package.json'],
    ...['/api/docs/%2e%2e/%2e%2e/package.json', '/api/docs/..%2f..%2fpackage.json', '/api/docs/..%5c..%5cpackage.json'],
    ...['/api/docs/%252e%252e%252fpackage.json', '/api/docs/\\..\\..\\package.json', '/api/docs//etc/passwd'],
    ...['/api/docs/....//package.json', '/api/docs/swagger-ui.css/../../package.json', '/%00', '/api/docs/%00.js'],
    ...['//evil.example/api/stock', '/api/coils/..%2f..%2fkeys', '/api/coils/%2e%2e/timeline'],
  ])('finds no file and no other route: %s', async (path) => {
    const heard = await sendRaw(plant.url, `GET ${path} HTTP/1.1\r\n${bearer()}\r\n`)
    expect([path, statusOf(heard)]).toEqual([path, expect.any(Number)])
    expect(statusOf(heard)).toBeGreaterThanOrEqual(400)
    expect(statusOf(heard)).toBeLessThan(500)
    expect(heard).not.toMatch(/root:|"dependencies"|"items"/)
  })

  it.each(['TRACE', 'CONNECT', 'PATCH', 'PROPFIND', 'FOO'])('by the method %s reaches nothing', async (method) => {
    const heard = await sendRaw(
      plant.url,
      `${method} /api/stock HTTP/1.1\r\n${bearer()}X-HTTP-Method-Override: GET\r\n\r\n`,
    )
    expect([0, 400, 404, 405]).toContain(statusOf(heard))
    expect(heard).not.toContain('"items"')
  })
})

describe('A body', () => {
  const coil = '/api/coils/AZ-1/hold'

  it('that is too long is not read to its end', async () => {
    const heard = await post(coil, `{"reason":"${'x'.repeat(6 * 1024 * 1024)}"}`)
    expect([0, 413]).toContain(statusOf(heard))
    expect(await isWell()).toBe(true)
  })

  it.each([
    ['arrays', '['.repeat(200_000) + ']'.repeat(200_000)],
    ['objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['arrays in a field', `{"reason":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ])('that is nested a hundred thousand deep in %s is refused, and nobody falls over', async (_what, body) => {
    expect(statusOf(await post(coil, body))).toBe(400)
    expect(await isWell()).toBe(true)
  })

  it.each([
    '{"reason":"x","__proto__":{"isAdmin":true}}',
    '{"reason":"x","constructor":{"prototype":{"isAdmin":true}}}',
    '{"reason":{"__proto__":{"isAdmin":true}}}',
  ])('gives no object a field that it did not have: %s', async (body) => {
    expect(statusOf(await post(coil, body))).toBe(400)
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
  })

  it('that is packed is not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024, 0x20))
    expect([400, 415]).toContain(statusOf(await post(coil, bomb, 'Content-Encoding: gzip\r\n')))
    expect(await isWell()).toBe(true)
  })

  it('that says its length in two ways is not taken for two requests', async () => {
    const smuggled = `GET /api/keys HTTP/1.1\r\n${bearer()}\r\n`
    for (const lengths of [
      `Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
      `Content-Length: 0\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
      `Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`,
    ]) {
      const heard = await sendRaw(
        plant.url,
        `POST ${coil} HTTP/1.1\r\nHost: plant\r\nContent-Type: application/json\r\n${lengths}`,
        2_000,
      )
      expect(statusOf(heard)).toBe(400)
      expect(heard).not.toContain('"items"')
    }
  })

  it('of a kind that a form of another site can send is not taken', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      const headers = { 'content-type': type }
      expect((await plant.http.post(coil, '{"reason":"x"}', { headers })).status).toBe(415)
    }
  })
})

describe('Words', () => {
  it.each([
    ['turned around', 'AZ-1\u202E100'],
    ['with a space of no width', 'AZ\u200B-1'],
    ['with a joiner', 'AZ\u200D-1'],
    ['with a soft hyphen', 'AZ\u00AD-1'],
    ['with a zero character', 'AZ-1\u0000'],
    ['with a letter that looks like another', 'АZ-1'],
    ['in full width', 'ＡＺ-1'],
    ['of a spreadsheet', '=1+1'],
  ])('%s are no coil number, in an address nor in a body', async (_how, number) => {
    const asked = await plant.http.get(`/api/coils/${encodeURIComponent(number)}`)
    expect([asked.status, asked.body.rule]).toEqual([400, 'invalid-request'])
    const order = await plant.http.post('/api/process-orders', { line: 'HOT-1', step: 'roll', inputs: [number] })
    expect([order.status, order.body.errors[0].pointer]).toEqual([400, '/inputs/0'])
  })

  it.each(['\u202Egood', 'go\u2066od', 'go\uFEFFod', '\u3164', 'good\u0007'])(
    'that hide or turn something are no reason: %j',
    async (reason) => {
      const { status, body } = await plant.http.post('/api/coils/AZ-1/hold', { reason })
      expect([status, body.errors[0].pointer]).toEqual([400, '/reason'])
    },
  )

  it.each(["' OR '1'='1", "'; DROP TABLE inventory.coils__1; --", "') UNION SELECT sha256 --", '%', '_', '\\'])(
    'of SQL are looked for as they stand: %s',
    async (q) => {
      const { status, body } = await plant.http.get(`/api/stock?q=${encodeURIComponent(q)}`)
      expect([status, body.items]).toEqual([200, []])
      for (const field of ['alloy', 'owner', 'location', 'sort', 'cursor', 'limit']) {
        expect((await plant.http.get(`/api/stock?${field}=${encodeURIComponent(q)}`)).status).toBe(400)
      }
      expect(await isWell()).toBe(true)
    },
  )
})

describe('A key', () => {
  const unsigned = (claims: object) =>
    [{ alg: 'none', typ: 'JWT' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .concat('')
      .join('.')

  it('that is a token of somebody else’s making opens nothing', async () => {
    const forged = unsigned({ sub: 'admin', role: 'administrator', exp: 9_999_999_999 })
    for (const authorization of [
      `Bearer ${forged}`,
      `Basic ${btoa('admin:admin')}`,
      'Bearer null',
      `Bearer ${'a'.repeat(7_000)}`,
    ]) {
      const { status, body } = await plant.http.get('/api/stock', { as: null, headers: { authorization } })
      expect([status, body.rule]).toEqual([401, 'unknown-key'])
    }
  })

  it('with another role written on it is unknown', async () => {
    const forged = plant.token('operator').replace('ct_operator_', 'ct_administrator_')
    const headers = { authorization: `Bearer ${forged}` }
    expect((await plant.http.get('/api/keys', { as: null, headers })).body.rule).toBe('unknown-key')
  })

  it('in the address opens nothing', async () => {
    for (const name of ['key', 'token', 'access_token', 'authorization']) {
      const answer = await plant.http.get(`/api/stock?${name}=${plant.token('administrator')}`, { as: null })
      expect([answer.status, answer.body.rule]).toEqual([400, 'key-in-address'])
    }
  })
})

describe('Callers who send as slowly as they can', () => {
  it('keep nobody waiting, and are cut off', async () => {
    const server = plant.app.getHttpServer()
    // A minute in the product, where it is looked at every half minute.
    expect([server.requestTimeout, server.headersTimeout]).toEqual([60_000, 60_000])
    server.requestTimeout = 1_000
    server.headersTimeout = 1_000
    let cut = 0
    const slow = Array.from({ length: 300 }, (_, n) => {
      const socket = dial(plant.url)
      socket.on('error', () => {})
      socket.on('close', () => cut++)
      socket.on('data', () => {})
      const head = `POST /api/coils/AZ-1/hold HTTP/1.1\r\n${bearer()}Content-Type: application/json\r\n`
      socket.write(n % 2 ? head : `${head}Content-Length: 1000\r\n\r\n{`)
      return { socket, dripping: setInterval(() => socket.writable && socket.write(n % 2 ? 'X-A: b\r\n' : ' '), 500) }
    })
    for (let n = 0; n < 20; n++) expect(await isWell()).toBe(true)
    for (const end = Date.now() + 60_000; cut < slow.length && Date.now() < end; ) {
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    for (const { socket, dripping } of slow) {
      clearInterval(dripping)
      socket.destroy()
    }
    expect(cut).toBe(slow.length)
  }, 90_000)
})
