/** A KurrentDB that others use too, and what differs from other stores: limits and times. */
import { type EventData, jsonEvent, KurrentDBClient } from '@kurrent/kurrentdb-client'
import { event, events, follow, inOrder, newStream, one, readAll, until, write } from '../contract/under-test.js'
import type { RecordedEvent } from '../event-store.js'
import { KurrentDBEventStore } from './kurrentdb-event-store.js'
import { type KurrentDBTestServer, startKurrentDBTestServer } from './test-server/test-server.js'

let server: KurrentDBTestServer
let ours: KurrentDBEventStore
let theirs: KurrentDBClient

beforeAll(async () => {
  server = await startKurrentDBTestServer({ mostAppendBytes: 1_024 * 1_024 })
  ours = new KurrentDBEventStore(server.connectionString, { prefixes: ['coil-', 'line-'] })
  theirs = KurrentDBClient.connectionString(server.connectionString)
})
afterAll(async () => {
  await ours.close()
  await theirs.dispose()
  await server.close()
})

const foreign = (type = 'InvoiceSent', data: object = { n: 1 }): EventData => jsonEvent({ type, data: { ...data } })

async function followed(store: KurrentDBEventStore, after: bigint, upTo: bigint): Promise<readonly RecordedEvent[]> {
  const seen: RecordedEvent[] = []
  const leaving = new AbortController()
  await follow(store, after, leaving.signal, (batch) => {
    seen.push(...batch)
    if (batch.at(-1)!.position >= upTo) leaving.abort()
  })
  return seen
}

describe('among the events of others', () => {
  it('only our streams are followed, in order, past thousands of theirs', async () => {
    const after = await ours.head()
    const mine: string[] = []
    for (let i = 0; i < 5; i++) {
      await theirs.appendToStream(
        `invoice-${i}`,
        Array.from({ length: 1_500 }, () => foreign()),
      )
      mine.push((await ours.append([one(newStream(), 'none'), one(`line-${newStream()}`, 'none')])).events[0]!.id)
    }
    await theirs.appendToStream('coilless', foreign())
    const seen = await followed(ours, after, await ours.head())
    expect(seen).toHaveLength(10)
    expect(inOrder(seen)).toBe(true)
    expect(seen.filter(({ stream }) => stream.startsWith('coil-')).map(({ id }) => id)).toEqual(mine)
  })

  it('the head is our last event, however many of theirs come after it', async () => {
    const { position } = await ours.append([one(newStream(), 'none')])
    await theirs.appendToStream(
      'invoice-9',
      Array.from({ length: 100 }, () => foreign()),
    )
    expect(await ours.head()).toBe(position)
  })

  it('a subscription that breaks off among theirs does not pass over them again', async () => {
    await theirs.appendToStream(
      'invoice-10',
      Array.from({ length: 6_000 }, () => foreign()),
    )
    const leaving = new AbortController()
    const seen: RecordedEvent[] = []
    const before = server.conduct.considered
    const following = follow(ours, 0n, leaving.signal, (batch) => seen.push(...batch))
    await until(() => server.conduct.considered - before >= 6_000)
    await new Promise((resolve) => setTimeout(resolve, 100))
    const first = server.conduct.considered - before
    await server.stop()
    await server.start()
    const { position } = await ours.append([one(newStream(), 'none')])
    await until(() => (seen.at(-1)?.position ?? 0n) >= position)
    leaving.abort()
    await following
    expect(server.conduct.considered - before - first).toBeLessThan(100)
  })

  it('without prefixes, all but the events of the server and what is no fact are followed', async () => {
    const everything = new KurrentDBEventStore(server.connectionString)
    const after = await everything.head()
    const stream = `invoice-${newStream()}`
    await theirs.appendToStream(stream, [
      foreign('$>', { link: 1 }),
      { ...foreign(), contentType: 'application/octet-stream', data: Buffer.from('no JSON') } as EventData,
      foreign('InvoicePaid'),
    ])
    await theirs.appendToStream('$projections-all', foreign('ProjectionUpdated'))
    const { position } = await everything.append([one(newStream(), 'none')])
    await theirs.appendToStream(stream, foreign('$>', { link: 2 }))
    expect(await everything.head()).toBe(position)
    const seen = await followed(everything, after, position)
    expect(seen.map(({ type }) => type)).toEqual(['InvoicePaid', 'CoilReceived'])
    await expect(readAll(everything, stream)).rejects.toThrow(
      `event 0 of stream ${stream} was not written by Coiltrail`,
    )
    await everything.close()
  })
})

it('the time of an event is to the millisecond and the same everywhere, though the client cuts it when reading', async () => {
  const coil = newStream()
  const after = await ours.head()
  for (let i = 0; i < 5; i++) {
    await ours.append([one(coil, i === 0 ? 'none' : i - 1)])
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
  const read = await readAll(ours, coil)
  const seen = await followed(ours, after, read.at(-1)!.position)
  expect(seen).toEqual(read)
  const times = read.map(({ recordedAt }) => recordedAt.getTime())
  expect(new Set(times).size).toBe(5)
  const cut: number[] = []
  for await (const { event: told } of theirs.readStream(coil)) cut.push(told!.created.getTime())
  expect(cut).toEqual(times.map((time) => Math.floor(time / 1_000) * 1_000))
})

it('an append beyond the limit of the server is refused with that limit, and nothing is written', async () => {
  const coil = newStream()
  const note = 'x'.repeat(400_000)
  const large = { stream: coil, expected: 'none' as const, events: events(4).map(() => event('CoilNoted', { note })) }
  await expect(ours.append([large])).rejects.toMatchObject({
    name: 'InvalidAppendError',
    message: expect.stringMatching(/MaxAppendSize.*1048576/),
  })
  expect(await readAll(ours, coil)).toEqual([])
})

it.each([
  ['a key that belongs to the store', { $correlationId: 'x' }],
  ['half a character', { actor: '\ud83e' }],
])('metadata with %s is refused, as it would not come back as it was', async (_, metadata) => {
  const refused = ours.append([write(newStream(), { ...event('CoilMoved'), metadata: metadata as never })])
  await expect(refused).rejects.toMatchObject({ name: 'InvalidAppendError' })
})

it('two streams that differ in upper and lower case only are refused in one append', async () => {
  const coil = newStream()
  const both = ours.append([one(coil, 'none'), one(coil.replace('coil', 'COIL'), 'none')])
  await expect(both).rejects.toMatchObject({ name: 'InvalidAppendError' })
})

it('a type that KurrentDB cannot take is refused, not tried again', async () => {
  await expect(ours.append([one(newStream(), 'none', 'Coil moved')])).rejects.toMatchObject({
    name: 'InvalidAppendError',
    message: expect.stringContaining('Coil moved'),
  })
})

it('a position that is none of this store ends a subscription with that sentence', async () => {
  const { position } = await ours.append([one(newStream(), 'none')])
  const following = follow(ours, position - 7n, new AbortController().signal, () => {})
  await expect(following).rejects.toThrow(`position ${position - 7n} is none of this event store's`)
})
