/** The contract of `append`: all or nothing, at the expected revisions, within limits. */
import { ConflictError, type EventStore, type Expected, type StreamWrite } from '../event-store.js'
import { event, events, newStream, one, readAll, refusal, type StoreUnderTest, write } from './under-test.js'

export function appendContract(under: () => StoreUnderTest): void {
  let store: EventStore
  beforeAll(() => {
    store = under().store
  })

  describe('append', () => {
    it('refuses to create the same stream twice', async () => {
      const coil = newStream()
      await store.append([one(coil, 'none')])
      const refused = await refusal(store.append([one(coil, 'none')]))
      expect(refused).toMatchObject({ stream: coil, expected: 'none', actual: 0 })
      expect(await readAll(store, coil)).toHaveLength(1)
    })

    it('lets exactly one of twenty racing creates succeed', async () => {
      const coil = newStream()
      const others = await Promise.all([store, under().connect(), under().connect()])
      const races = Array.from({ length: 20 }, (_, i) => others[i % 3]!.append([one(coil, 'none', `racer-${i}`)]))
      const results = await Promise.allSettled(races)
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
      for (const result of results) {
        if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(ConflictError)
      }
      expect(await readAll(store, coil)).toHaveLength(1)
    })

    it('writes nothing of an append over five streams of which one conflicts', async () => {
      const coils = Array.from({ length: 5 }, newStream)
      await store.append([one(coils[3]!, 'none')])
      const refused = await refusal(store.append(coils.map((coil) => one(coil, 'none'))))
      expect(refused.stream).toBe(coils[3])
      const found = await store.readMany(coils.map((stream) => ({ stream })))
      expect(coils.map((coil) => found.get(coil)!.length)).toEqual([0, 0, 0, 1, 0])
    })

    it('writes all of an append over several streams, each at its expected revision', async () => {
      const [mother, child, order] = [newStream(), newStream(), newStream()]
      await store.append([{ stream: mother, expected: 'none', events: [event('CoilReceived'), event('CoilMoved')] }])
      const appended = await store.append([
        one(mother, 1, 'CoilConsumed'),
        { stream: child, expected: 'none', events: [event('CoilProduced'), event('CoilWeighed')] },
        one(order, 'any', 'OrderCompleted'),
      ])
      expect([...appended.revisions]).toEqual([
        [mother, 2],
        [child, 1],
        [order, 0],
      ])
      expect(appended.events.map((e) => [e.stream, e.revision, e.type])).toEqual([
        [mother, 2, 'CoilConsumed'],
        [child, 0, 'CoilProduced'],
        [child, 1, 'CoilWeighed'],
        [order, 0, 'OrderCompleted'],
      ])
      expect(appended.position).toBe(appended.events.at(-1)!.position)
      expect(await readAll(store, child)).toEqual(appended.events.slice(1, 3))
    })

    it.each<[string, number, Expected, number | 'none']>([
      ['behind the stream', 3, 1, 2],
      ['ahead of the stream', 3, 7, 2],
      ['of a stream that does not exist', 0, 0, 'none'],
    ])('refuses an expected revision %s', async (_, length, expected, actual) => {
      const coil = newStream()
      if (length > 0) await store.append([{ stream: coil, expected: 'none', events: events(length) }])
      const refused = await refusal(store.append([one(coil, expected)]))
      expect(refused).toMatchObject({ stream: coil, expected, actual })
      expect(await readAll(store, coil)).toHaveLength(length)
    })

    it('takes any number of writers who do not care for the revision, and loses none', async () => {
      const line = newStream()
      const stores = await Promise.all([store, under().connect()])
      const appended = await Promise.all(
        Array.from({ length: 60 }, (_, i) => stores[i % 2]!.append([one(line, 'any', `Shift${i}`)])),
      )
      const history = await readAll(store, line)
      expect(history.map((e) => e.revision)).toEqual(Array.from({ length: 60 }, (_, i) => i))
      for (const { events } of appended) expect(history[events[0]!.revision]).toEqual(events[0])
    })

    it('decides appends sent together as if they came one after the other', async () => {
      const coil = newStream()
      const expected: Expected[] = ['none', 0, 0, 'any', 1, 2, 'any', 'none', 3]
      const results = await Promise.allSettled(expected.map((revision) => store.append([one(coil, revision)])))
      const revisions: number[] = []
      for (const [i, result] of results.entries()) {
        if (result.status === 'rejected') continue
        const revision = result.value.revisions.get(coil)!
        if (expected[i] !== 'any') expect(expected[i]).toBe(revision === 0 ? 'none' : revision - 1)
        revisions.push(revision)
      }
      const history = await readAll(store, coil)
      expect(revisions.toSorted((a, b) => a - b)).toEqual(history.map((e) => e.revision))
      expect(results.filter((result, i) => expected[i] === 'any' && result.status === 'rejected')).toEqual([])
    })

    it('answers each caller for itself when some of many appends sent together conflict', async () => {
      const coils = Array.from({ length: 30 }, newStream)
      const taken = coils.filter((_, i) => i % 3 === 0)
      await Promise.all(taken.map((coil) => store.append([one(coil, 'none')])))
      const results = await Promise.allSettled(coils.map((coil) => store.append([one(coil, 'none', 'CoilCast')])))
      expect(results.map((result) => result.status)).toEqual(
        coils.map((_, i) => (i % 3 === 0 ? 'rejected' : 'fulfilled')),
      )
    })

    it.each<[string, (coil: string) => StreamWrite[]]>([
      ['no stream at all', () => []],
      ['a stream without events', (coil) => [{ stream: coil, expected: 'any', events: [] }]],
      ['the same stream twice', (coil) => [one(coil, 'any'), one(coil, 'any')]],
      ['a stream without a name', () => [one('', 'any')]],
      ['a stream name that is too long', () => [one('x'.repeat(201), 'any')]],
      ['a stream name with a line break', () => [one('coil-1\n2', 'any')]],
      ['a stream name with a NUL', () => [one('coil-\u0000', 'any')]],
      ['a revision below zero', (coil) => [one(coil, -1)]],
      ['a revision with a fraction', (coil) => [one(coil, 0.5)]],
      ['an id that is not a UUID', (coil) => [write(coil, { ...event('CoilMoved'), id: 'seven' })]],
      ['an event without a type', (coil) => [one(coil, 'any', '')]],
      ['data that is not an object', (coil) => [write(coil, { type: 'CoilMoved', data: 'x' as never })]],
      ['a number that JSON cannot say', (coil) => [write(coil, { type: 'CoilWeighed', data: { kg: Number.NaN } })]],
      ['data that JSON cannot say', (coil) => [write(coil, { type: 'CoilWeighed', data: { kg: 10n } })]],
      ['an event that is too large', (coil) => [write(coil, event('CoilMoved', { note: 'x'.repeat(1_000_001) }))]],
      [
        'metadata that is not a string',
        (coil) => [write(coil, { ...event('CoilMoved'), metadata: { at: 7 as never } })],
      ],
      ['too many events', (coil) => [{ stream: coil, expected: 'any', events: events(10_001) }]],
    ])('refuses %s, and writes nothing', async (_, wrong) => {
      const [good, coil] = [newStream(), newStream()]
      const writes = wrong(coil)
      const together = writes.length > 0 ? [one(good, 'none'), ...writes] : writes
      await expect(store.append(together)).rejects.toMatchObject({ name: 'InvalidAppendError' })
      expect(await readAll(store, good)).toEqual([])
      expect(await readAll(store, coil)).toEqual([])
    })

    it('takes 10,000 events in one append', async () => {
      const coil = newStream()
      const { revisions } = await store.append([{ stream: coil, expected: 'none', events: events(10_000) }])
      expect(revisions.get(coil)).toBe(9_999)
      const history = await readAll(store, coil)
      expect(history.map((e) => e.data)).toEqual(Array.from({ length: 10_000 }, (_, n) => ({ n })))
    })
  })
}
