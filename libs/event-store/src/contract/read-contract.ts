/** The contract of `read`, `readMany` and `head`: exactly what was appended. */
import { randomUUID } from 'node:crypto'
import type { EventStore } from '../event-store.js'
import { events, newStream, one, readAll, type StoreUnderTest, write } from './under-test.js'

export function readContract(under: () => StoreUnderTest): void {
  let store: EventStore
  beforeAll(() => {
    store = under().store
  })

  describe('what is read', () => {
    it.each<[string, object]>([
      ['unicode', { name: 'Bobină nr. 7 — алюминий 铝 🧲', '\u2028': '\u0000\u001f\uffff', lone: '\ud800' }],
      ['large and small numbers', { a: Number.MAX_SAFE_INTEGER, b: 1.7976931348623157e308, c: 5e-324, d: 0.1 + 0.2 }],
      ['keys that mean something to JavaScript', JSON.parse('{"__proto__":{"kg":1},"constructor":2,"toString":null}')],
      ['a long text', { note: 'Ø"\\\n'.repeat(50_000) }],
      ['nested lists and nulls', { melts: [{ number: 'M-1', kg: null }, [], {}], empty: '' }],
      ['many keys in their order', Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${(i * 7) % 500}`, i]))],
      ['a list', [1, 'two', { three: 3 }]],
    ])('is exactly what was appended: %s', async (_, data) => {
      const coil = newStream()
      const metadata = { actor: 'Ștefan "the scale" O\'Brien \\', source: '' }
      const given = { id: randomUUID(), type: 'CoilInspected', data, metadata }
      const appended = await store.append([write(coil, given)])
      const [read] = await readAll(store, coil)
      expect(read).toMatchObject({ id: given.id, type: given.type, stream: coil, revision: 0 })
      expect(JSON.stringify(read!.data)).toBe(JSON.stringify(data))
      expect(read!.metadata).toEqual(metadata)
      expect(appended.events).toEqual([read])
    })

    it('is what the event said when it was appended, whatever becomes of the object', async () => {
      const coil = newStream()
      const data = { kg: 9_000 }
      const appending = store.append([write(coil, { type: 'CoilWeighed', data })])
      data.kg = 1
      expect((await appending).events[0]!.data).toEqual({ kg: 9_000 })
      expect((await readAll(store, coil))[0]!.data).toEqual({ kg: 9_000 })
    })

    it('has an id of its own and empty metadata where the writer gave none', async () => {
      const coil = newStream()
      const { events: written } = await store.append([{ stream: coil, expected: 'none', events: events(300) }])
      expect(new Set(written.map((e) => e.id)).size).toBe(300)
      expect(written[0]).toMatchObject({ id: expect.stringMatching(/^[0-9a-f-]{36}$/), metadata: {} })
    })

    it('was recorded now, and never earlier than what stands before it', async () => {
      const before = Date.now()
      const streams = Array.from({ length: 50 }, newStream)
      const appended = await Promise.all(streams.map((coil) => store.append([one(coil, 'none')])))
      const all = appended.flatMap((a) => a.events).sort((a, b) => (a.position < b.position ? -1 : 1))
      const times = all.map((e) => e.recordedAt.getTime())
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      // The store's clock may be another machine's.
      expect(Math.abs(times[0]! - before)).toBeLessThan(10_000)
    })

    it('is nothing, where there is no such stream', async () => {
      expect(await readAll(store, newStream())).toEqual([])
    })

    it('begins at the revision asked for, in the middle of a long stream', async () => {
      const coil = newStream()
      await store.append([{ stream: coil, expected: 'none', events: events(7_000) }])
      const history = await readAll(store, coil, 1_234)
      expect(history.map((e) => e.revision)).toEqual(Array.from({ length: 5_766 }, (_, i) => 1_234 + i))
      expect(await readAll(store, coil, 7_000)).toEqual([])
    })

    it('can be left off in the middle', async () => {
      const coil = newStream()
      await store.append([{ stream: coil, expected: 'none', events: events(3_000) }])
      let seen = 0
      for await (const _ of store.read(coil)) if (++seen === 10) break
      expect(seen).toBe(10)
      expect(await readAll(store, coil)).toHaveLength(3_000)
    })

    it('comes from many streams at once, each from its own revision', async () => {
      const [a, b, c, none] = [newStream(), newStream(), newStream(), newStream()]
      await store.append([
        { stream: a, expected: 'none', events: events(5) },
        { stream: b, expected: 'none', events: events(3) },
        { stream: c, expected: 'none', events: events(2) },
      ])
      const found = await store.readMany([
        { stream: c },
        { stream: a, from: 3 },
        { stream: none },
        { stream: b, from: 9 },
      ])
      expect([...found].map(([stream, history]) => [stream, history.map((e) => e.revision)])).toEqual([
        [c, [0, 1]],
        [a, [3, 4]],
        [none, []],
        [b, []],
      ])
      expect(await store.readMany([])).toEqual(new Map())
    })

    it('comes to each of many callers at the same time as its own', async () => {
      const coils = Array.from({ length: 10 }, newStream)
      await store.append(coils.map((stream, i) => ({ stream, expected: 'none', events: events(i + 1) })))
      const answers = await Promise.all(
        Array.from({ length: 60 }, (_, i) =>
          store.readMany([{ stream: coils[i % 10]!, from: i % 3 }, { stream: coils[(i + 1) % 10]! }]),
        ),
      )
      for (const [i, found] of answers.entries()) {
        const lengths = [...found].map(([stream, history]) => [stream, history.length])
        expect(lengths).toEqual([
          [coils[i % 10], Math.max(0, (i % 10) + 1 - (i % 3))],
          [coils[(i + 1) % 10], ((i + 1) % 10) + 1],
        ])
      }
    })

    it('includes what was acknowledged before it was asked for', async () => {
      const coil = newStream()
      const asking: Promise<unknown>[] = []
      for (let revision = 0; revision < 30; revision++) {
        await store.append([one(coil, revision === 0 ? 'none' : revision - 1)])
        asking.push(
          store.readMany([{ stream: coil }]).then((found) => expect(found.get(coil)!.length).toBeGreaterThan(revision)),
        )
      }
      await Promise.all(asking)
    })
  })

  describe('head', () => {
    it('is the position of the last event, and grows', async () => {
      const first = await store.append([one(newStream(), 'none')])
      expect((await store.head()) >= first.position).toBe(true)
      const second = await store.append([one(newStream(), 'none')])
      expect(second.position > first.position).toBe(true)
      expect((await store.head()) >= second.position).toBe(true)
    })
  })
}
