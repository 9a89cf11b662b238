/** KurrentDB going away, coming back, stalling and changing its leader, while plants go on appending and reading. */
import { setTimeout as delay } from 'node:timers/promises'
import { networkLine } from '#test/support/network-line'
import { events, follow, inOrder, newStream, of, one, readAll, until } from '../contract/under-test.js'
import type { RecordedEvent } from '../event-store.js'
import { KurrentDBEventStore } from './kurrentdb-event-store.js'
import { type KurrentDBTestServer, startKurrentDBTestServer } from './test-server/test-server.js'

let server: KurrentDBTestServer
let store: KurrentDBEventStore
const others: { close(): unknown }[] = []

beforeEach(async () => {
  server = await startKurrentDBTestServer()
  store = new KurrentDBEventStore(server.connectionString)
})

afterEach(async () => {
  for (const other of others.splice(0)) await other.close()
  await store.close()
  await server.close()
})

describe('an append to a server that goes away', () => {
  it.each([
    ['a new stream', 'none'],
    ['whatever revision', 'any'],
  ] as const)('before it answers is found to be recorded, once: %s', async (_, expected) => {
    const [coil, order] = [newStream(), newStream()]
    await store.append([one(order, 'none', 'OrderReleased')])
    const gone = server.goAwayAfterNextAppend()
    const appending = store.append(
      [
        { stream: coil, expected, events: events(3) },
        { stream: order, expected, events: events(1) },
      ].slice(0, expected === 'none' ? 1 : 2),
    )
    await gone
    await server.start()
    const appended = await appending
    expect(appended.revisions.get(coil)).toBe(2)
    expect(await readAll(store, coil)).toEqual(appended.events.slice(0, 3))
    expect(await readAll(store, order)).toHaveLength(expected === 'none' ? 1 : 2)
  })

  it('waits for it, and is recorded when it is back', async () => {
    await store.head()
    await server.stop()
    const coil = newStream()
    const appending = store.append([one(coil, 'none')])
    await delay(500)
    await server.start()
    const { events: written } = await appending
    expect(await readAll(store, coil)).toEqual(written)
  })

  it('for good is given up after seconds, and surely not recorded', async () => {
    await server.stop()
    await expect(store.append([one(newStream(), 'none')])).rejects.toMatchObject({
      name: 'StoreUnavailableError',
      message: expect.stringMatching(/^the event store is away: nothing was recorded: .*ECONNREFUSED/),
    })
    await expect(store.head()).rejects.toMatchObject({ name: 'StoreUnavailableError' })
  })

  it('for good in the middle of it is given up after seconds, and told to be in doubt', async () => {
    const gone = server.goAwayAfterNextAppend()
    const appending = store.append([one(newStream(), 'none')])
    await Promise.all([
      gone,
      expect(appending).rejects.toMatchObject({
        name: 'StoreUnavailableError',
        message: expect.stringContaining('may be recorded or not'),
      }),
    ])
  })

  it('and comes back, by twenty callers, loses nothing and doubles nothing', async () => {
    const coils = Array.from({ length: 20 }, newStream)
    const line = newStream()
    const given: string[] = []
    let over = false
    const callers = coils.map(async (coil) => {
      for (let revision = 0; !over; revision++) {
        const expected = revision === 0 ? 'none' : revision - 1
        const { events: written } = await store.append([one(coil, expected), one(line, 'any')])
        given.push(...written.map(({ id }) => id))
      }
    })
    for (let outage = 0; outage < 3; outage++) {
      await delay(200)
      await (outage === 1 ? server.goAwayAfterNextAppend() : server.stop())
      await delay(100)
      await server.start()
    }
    await delay(300)
    over = true
    await Promise.all(callers)
    const kept = await store.readMany([...coils, line].map((stream) => ({ stream })))
    const ids = [...kept.values()].flat().map(({ id }) => id)
    expect(ids.toSorted()).toEqual(given.toSorted())
    expect(new Set(ids).size).toBe(ids.length)
    expect(kept.get(line)).toHaveLength(given.length / 2)
  })
})

describe('a subscription', () => {
  it('goes on from where it was when the server is back, with nothing missed and nothing twice', async () => {
    const coil = newStream()
    const seen: RecordedEvent[] = []
    const leaving = new AbortController()
    const following = follow(store, 0n, leaving.signal, (batch) => seen.push(...of(coil, batch)))
    for (let round = 0; round < 3; round++) {
      await store.append([{ stream: coil, expected: round === 0 ? 'none' : round * 10 - 1, events: events(10) }])
      await until(() => seen.length > round * 10)
      await server.stop()
      await delay(150)
      await server.start()
    }
    await until(() => seen.length >= 30)
    leaving.abort()
    await following
    expect(seen.map(({ revision }) => revision)).toEqual(Array.from({ length: 30 }, (_, i) => i))
    expect(inOrder(seen)).toBe(true)
  })

  it('ends promptly while the server is away', async () => {
    await server.stop()
    const leaving = new AbortController()
    const following = follow(store, 0n, leaving.signal, () => {})
    await delay(700)
    const left = performance.now()
    leaving.abort()
    await following
    expect(performance.now() - left).toBeLessThan(300)
  })

  it('leaves no question waiting for its deadline when the store is closed', async () => {
    server.conduct.stall()
    const closing = new KurrentDBEventStore(server.connectionString)
    const asked = [closing.head(), closing.readMany([{ stream: newStream() }])]
    const refused = Promise.all(asked.map((one) => expect(one).rejects.toThrow('the event store is closed')))
    await delay(300)
    const began = performance.now()
    await closing.close()
    await refused
    expect(performance.now() - began).toBeLessThan(5_000)
    server.conduct.resume()
  })

  it('ends when the store is closed', async () => {
    const following = follow(store, 0n, new AbortController().signal, () => {})
    await delay(100)
    await store.close()
    await following
    await expect(store.append([one(newStream(), 'none')])).rejects.toThrow('the event store is closed')
  })

  it('notices a connection that is dead at one end, and goes on by another', async () => {
    const line = await networkLine(server.connectionString)
    const far = new KurrentDBEventStore(`${line.url}&keepAliveInterval=10000&keepAliveTimeout=1000`)
    others.push(far, line)
    const seen: RecordedEvent[] = []
    const leaving = new AbortController()
    const following = follow(far, 0n, leaving.signal, (batch) => seen.push(...batch))
    await store.append([one(newStream(), 'none')])
    await until(() => seen.length === 1)
    line.fallSilent()
    await delay(50)
    line.comeBack()
    await store.append([one(newStream(), 'none')])
    await until(() => seen.length === 2)
    leaving.abort()
    await following
  })
})

describe('a change of leaders', () => {
  it('is followed by appends and reads', async () => {
    const leader = await startKurrentDBTestServer()
    others.push(leader)
    await store.head()
    server.conduct.leader = { host: '127.0.0.1', port: leader.port }
    const coil = newStream()
    await store.append([one(coil, 'none')])
    expect(await readAll(store, coil)).toHaveLength(1)
    const atLeader = new KurrentDBEventStore(leader.connectionString)
    others.unshift(atLeader)
    expect(await readAll(atLeader, coil)).toHaveLength(1)
  })

  it('is found out from several nodes, whichever of them leads', async () => {
    const leader = await startKurrentDBTestServer()
    server.conduct.leader = { host: '127.0.0.1', port: leader.port }
    leader.conduct.follower = { host: '127.0.0.1', port: server.port }
    const nodes = `127.0.0.1:${server.port},127.0.0.1:${leader.port}`
    const cluster = new KurrentDBEventStore(`kurrentdb://${nodes}?tls=false`)
    const atLeader = new KurrentDBEventStore(leader.connectionString)
    others.push(cluster, atLeader, leader)
    const coil = newStream()
    await cluster.append([one(coil, 'none')])
    expect(await readAll(atLeader, coil)).toHaveLength(1)
  })

  it('without a new one is given up after seconds, with nothing recorded', async () => {
    server.conduct.leader = { host: '127.0.0.1', port: server.port }
    const coil = newStream()
    await expect(store.append([one(coil, 'none')])).rejects.toThrow(/nothing was recorded/)
    server.conduct.leader = undefined
    expect(await readAll(store, coil)).toEqual([])
  })
})

it('a server that has stalled does not hold an append for ever, and it is not recorded afterwards', async () => {
  const patient = new KurrentDBEventStore(`${server.connectionString}&defaultDeadline=500`)
  others.push(patient)
  server.conduct.stall()
  const coil = newStream()
  await expect(patient.append([one(coil, 'any')])).rejects.toThrow('may be recorded or not')
  server.conduct.resume()
  await delay(100)
  expect(await readAll(store, coil)).toEqual([])
})
