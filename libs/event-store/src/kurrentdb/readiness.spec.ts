/** What whoever starts Coiltrail is told about KurrentDB, and whether it goes on trying. */

import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { jest } from '@jest/globals'
import { newStream, one } from '../contract/under-test.js'
import { openKurrentDB } from './kurrentdb-event-store.js'
import { startKurrentDBTestServer, type TestServerOptions } from './test-server/test-server.js'

const told: string[] = []
const say = (sentence: string) => told.push(sentence)
beforeEach(() => told.splice(0))

async function withServer<R>(
  options: TestServerOptions,
  work: (server: Awaited<ReturnType<typeof startKurrentDBTestServer>>) => Promise<R>,
): Promise<R> {
  const server = await startKurrentDBTestServer(options)
  try {
    return await work(server)
  } finally {
    await server.close()
  }
}

it('is opened without a word where all is well, and has recorded nothing', () =>
  withServer({}, async ({ connectionString }) => {
    const store = await openKurrentDB(connectionString, { say })
    expect(told).toEqual([])
    expect(await store.head()).toBe(0n)
    await store.append([one(newStream(), 'none')])
    await store.close()
  }))

it('is waited for until it is there, and that is said once', () =>
  withServer({}, async (server) => {
    await server.stop()
    const opening = openKurrentDB(server.connectionString, { say })
    await delay(2_300)
    await server.start()
    await (await opening).close()
    expect(told).toEqual([
      expect.stringMatching(/^KurrentDB at 127\.0\.0\.1:\d+ cannot be reached \(.*\): trying again$/),
    ])
  }))

it('is waited for behind a proxy that hangs up, and that is said once', async () => {
  const proxy = createServer((caller) => caller.resume().end()).unref()
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done))
  const { port } = proxy.address() as AddressInfo
  const opening = openKurrentDB(`kurrentdb://127.0.0.1:${port}?tls=false`, { say, signal: AbortSignal.timeout(2_300) })
  await expect(opening).rejects.toThrow(/timeout/)
  expect(told).toEqual([expect.stringMatching(/^KurrentDB at \S+ cannot be reached \(.*\): trying again$/)])
  proxy.close()
})

it('that takes connections and does not answer is waited for, which is said once', () =>
  withServer({}, async (server) => {
    server.conduct.stall()
    const leaving = new AbortController()
    const opening = openKurrentDB(server.connectionString, { say, signal: leaving.signal })
    await delay(14_000)
    const left = performance.now()
    leaving.abort()
    await expect(opening).rejects.toThrow(/aborted/)
    expect(performance.now() - left).toBeLessThan(5_000)
    expect(told).toEqual([
      expect.stringMatching(/^KurrentDB at .* cannot be reached \(it does not answer in time\): trying again$/),
    ])
  }))

it('is waited for while another node leads that cannot be found', () =>
  withServer({}, async (server) => {
    server.conduct.leader = { host: '127.0.0.1', port: server.port }
    const opening = openKurrentDB(server.connectionString, { say })
    await delay(1_200)
    server.conduct.leader = undefined
    await (await opening).close()
    expect(told).toEqual([`KurrentDB at 127.0.0.1:${server.port} is not the leader of its cluster: waiting for one`])
  }))

it('that is too old is refused at once, with its version', () =>
  withServer({ version: '24.10.2' }, async ({ connectionString, port }) => {
    await expect(openKurrentDB(connectionString, { say })).rejects.toThrow(
      `KurrentDB at 127.0.0.1:${port} has version 24.10.2, which cannot append to several streams at once: 25.1 is needed`,
    )
    expect(told).toEqual([])
  }))

it('that does not know us is refused at once', () =>
  withServer({}, async ({ connectionString, conduct, port }) => {
    conduct.credentials = 'admin:changeit'
    await expect(openKurrentDB(connectionString, { say })).rejects.toThrow(
      `KurrentDB at 127.0.0.1:${port} does not let us read all streams and append: check user and password`,
    )
    expect(told).toEqual([])
  }))

it('that nobody wants any more is not waited for', () =>
  withServer({}, async (server) => {
    await server.stop()
    const opening = openKurrentDB(server.connectionString, { say, signal: AbortSignal.timeout(200) })
    await expect(opening).rejects.toThrow(/timeout/)
  }))

it('is not named with its password where the connection string is wrong', async () => {
  const wrong = 'kurrentdb://admin:secret@:x?tls'
  await expect(openKurrentDB(wrong, { say })).rejects.toThrow('the connection string of KurrentDB is not like')
  await openKurrentDB(wrong, { say }).catch(({ message, cause }) =>
    expect(`${message}${cause}`).not.toContain('secret'),
  )
})

it('with an option that there is not is refused by name, and nobody is shown its password', async () => {
  const wordsOf = { warn: jest.spyOn(console, 'warn'), log: jest.spyOn(console, 'log') }
  for (const spy of Object.values(wordsOf)) spy.mockImplementation(() => {})
  const wrong = 'kurrentdb://admin:hush-hush@127.0.0.1:1?tls=false&speed=fast'
  await expect(openKurrentDB(wrong, { say })).rejects.toThrow(/unknown option: speed; known are tls, /)
  await expect(openKurrentDB(wrong, { say })).rejects.not.toThrow(/hush-hush/)
  for (const spy of Object.values(wordsOf)) {
    expect(JSON.stringify(spy.mock.calls)).not.toContain('hush-hush')
    spy.mockRestore()
  }
})
