import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { startProxy } from './proxy.js'

describe('The one address before the apps', () => {
  const answers = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>()
  const app = createServer((request, response) => answers.get(request.url!)!(request, response))
  let replicas: string[]
  let proxy: Awaited<ReturnType<typeof startProxy>>
  beforeAll(async () => {
    await once(app.listen(0, '127.0.0.1'), 'listening')
    replicas = [`http://127.0.0.1:${(app.address() as AddressInfo).port}`]
    proxy = await startProxy(0, () => replicas)
  })
  afterAll(async () => {
    await proxy.close()
    app.closeAllConnections()
    app.close()
  })

  /** The path as it stands: fetch would tidy it up. */
  const ask = async (path: string, method = 'GET', body?: string) => {
    const { hostname, port } = new URL(proxy.url)
    const asked = request({ hostname, port, path, method }).end(body)
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    return { status: response.statusCode, type: response.headers['content-type'], body: await text(response) }
  }
  const problemOf = async (path: string, method?: string) => {
    const { type, body } = await ask(path, method)
    expect({ path, type }).toEqual({ path, type: expect.stringMatching(/^application\/problem\+json/) })
    const { status, rule, instance } = JSON.parse(body)
    return { status, rule, instance }
  }

  it('passes on bodies of any size, and queries as they stand', async () => {
    answers.set('/api/packing-lists?dryRun=true&a=%20', async (request, response) =>
      response.writeHead(201, { 'content-type': 'text/plain' }).end(String((await text(request)).length)),
    )
    const list = 'x'.repeat(7 * 1024 * 1024)
    expect(await ask('/api/packing-lists?dryRun=true&a=%20', 'POST', list)).toEqual({
      status: 201,
      type: 'text/plain',
      body: String(list.length),
    })
  })

  it('answers what is no address of ours by a problem', async () => {
    const bad = ['//evil/x', '/inventory//evil/x', '/inventory/../../x', '/api/%zz']
    for (const path of bad)
      expect(await problemOf(path)).toEqual({ status: 400, rule: 'invalid-request', instance: path })
    const unknown = { status: 404, rule: 'unknown-route', instance: '/api/stock' }
    expect(await problemOf('/api/stock', 'PROPFIND')).toEqual(unknown)
  })

  it('asks for another try when the app is not there, or has no replica', async () => {
    const away = { status: 503, rule: 'part-unavailable', instance: '/api/stock' }
    const before = replicas
    replicas = []
    expect(await problemOf('/api/stock')).toEqual(away)
    replicas = ['http://127.0.0.1:1']
    expect(await problemOf('/api/stock')).toEqual(away)
    expect(await problemOf('/api/stock', 'POST')).toEqual(away)
    replicas = before
  })

  it.each(['GET', 'POST'])('tells the app when who sent a %s went away before the answer', async (method) => {
    const arrived = Promise.withResolvers<void>()
    const left = Promise.withResolvers<void>()
    answers.set('/api/slow', async (request, response) => {
      response.once('close', left.resolve)
      await text(request)
      arrived.resolve()
    })
    const client = new AbortController()
    const body = method === 'POST' ? { body: '{}' } : {}
    const asked = fetch(`${proxy.url}/api/slow`, { method, ...body, signal: client.signal })
    await arrived.promise
    client.abort()
    await expect(asked).rejects.toThrow('aborted')
    await left.promise
  })
})
