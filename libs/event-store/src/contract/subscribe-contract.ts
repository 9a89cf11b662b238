/** The contract of `subscribe`: every event once, in position order, history and then live. */
import { setTimeout as delay } from 'node:timers/promises'
import type { EventStore, RecordedEvent } from '../event-store.js'
import { count, events, follow, inOrder, newStream, of, one, type StoreUnderTest, until } from './under-test.js'

export function subscribeContract(under: () => StoreUnderTest): void {
  let store: EventStore
  beforeAll(() => {
    store = under().store
  })

  describe('subscribe', () => {
    it('gives every event once, in position order, under concurrent appenders, with no late arrivals', async () => {
      const stores = [store, await under().connect(), await under().connect()]
      const after = await store.head()
      const seen: RecordedEvent[] = []
      const leaving = new AbortController()
      const following = follow(await under().connect(), after, leaving.signal, (batch) => seen.push(...batch))
      const mine = new Set<string>()
      await Promise.all(
        Array.from({ length: 24 }, async (_, writer) => {
          for (let i = 0; i < 40; i++) {
            const streams = Array.from({ length: 1 + (i % 3) }, newStream)
            const { events } = await stores[writer % 3]!.append(streams.map((stream) => one(stream, 'none')))
            for (const { id } of events) mine.add(id)
          }
        }),
      )
      await until(() => count(seen, mine) >= mine.size)
      await delay(50)
      leaving.abort()
      await following
      expect(inOrder(seen)).toBe(true)
      const got = seen.filter((e) => mine.has(e.id)).map((e) => e.id)
      expect(got).toHaveLength(mine.size)
      expect(new Set(got).size).toBe(mine.size)
    })

    it('gives history first, then live, with the same events that were answered to the writer', async () => {
      const coil = newStream()
      const after = await store.head()
      const old = await store.append([{ stream: coil, expected: 'none', events: events(20) }])
      const seen: RecordedEvent[] = []
      const leaving = new AbortController()
      const following = follow(store, after, leaving.signal, (batch) => seen.push(...of(coil, batch)))
      await until(() => seen.length === 20)
      const fresh = await store.append([one(coil, 19, 'CoilSold')])
      await until(() => seen.length === 21)
      leaving.abort()
      await following
      expect(seen).toEqual([...old.events, ...fresh.events])
    })

    it('begins behind the position asked for, in the middle of a history of many pages', async () => {
      const coil = newStream()
      const { events: written } = await store.append([{ stream: coil, expected: 'none', events: events(10_000) }])
      const { events: more } = await store.append([{ stream: coil, expected: 9_999, events: events(10_000) }])
      const all = [...written, ...more]
      const seen: RecordedEvent[] = []
      const leaving = new AbortController()
      const following = follow(store, all[2_999]!.position, leaving.signal, (batch) => seen.push(...of(coil, batch)))
      await until(() => seen.length >= 17_000)
      leaving.abort()
      await following
      expect(seen.map((e) => e.revision)).toEqual(Array.from({ length: 17_000 }, (_, i) => 3_000 + i))
    })

    it('shows an append over several streams and what came before it to whoever has seen its position', async () => {
      const streams = Array.from({ length: 3 }, newStream)
      const after = await store.head()
      const { position, events: written } = await store.append(streams.map((stream) => one(stream, 'none')))
      const seen = new Set<string>()
      const leaving = new AbortController()
      await follow(store, after, leaving.signal, (batch) => {
        for (const { id } of batch) seen.add(id)
        if (batch.at(-1)!.position >= position) leaving.abort()
      })
      expect(written.every((e) => seen.has(e.id))).toBe(true)
    })

    it('gives batches that are never empty, and nothing for nothing', async () => {
      const leaving = new AbortController()
      const sizes: number[] = []
      const following = follow(store, await store.head(), leaving.signal, (batch) => sizes.push(batch.length))
      await delay(100)
      await store.append([one(newStream(), 'none')])
      await until(() => sizes.length > 0)
      leaving.abort()
      await following
      expect(sizes).not.toContain(0)
    })

    it('ends promptly when the reader leaves: while waiting, while reading, before it began', async () => {
      for (const after of [await store.head(), 0n]) {
        const leaving = new AbortController()
        const following = follow(store, after, leaving.signal, () => {})
        await delay(after === 0n ? 3 : 100)
        const left = performance.now()
        leaving.abort()
        await following
        expect(performance.now() - left).toBeLessThan(500)
      }
      await follow(store, 0n, AbortSignal.abort(), () => {
        throw new Error('nothing was to come')
      })
    })

    it('waits for a slow reader, who misses nothing', async () => {
      const after = await store.head()
      const seen: RecordedEvent[] = []
      const mine = new Set<string>()
      const leaving = new AbortController()
      const following = follow(store, after, leaving.signal, async (batch) => {
        await delay(20)
        seen.push(...batch)
      })
      for (let i = 0; i < 200; i++) {
        for (const { id } of (await store.append([one(newStream(), 'none')])).events) mine.add(id)
      }
      await until(() => count(seen, mine) >= mine.size)
      leaving.abort()
      await following
      expect(inOrder(seen)).toBe(true)
      expect(seen.filter((e) => mine.has(e.id))).toHaveLength(mine.size)
    })

    it('serves many readers at once, each the same events in the same order', async () => {
      const after = await store.head()
      const leaving = new AbortController()
      const readers = Array.from({ length: 25 }, () => {
        const seen: RecordedEvent[] = []
        return { seen, following: follow(store, after, leaving.signal, (batch) => seen.push(...batch)) }
      })
      const coil = newStream()
      for (let i = 0; i < 20; i++) await store.append([one(coil, i === 0 ? 'none' : i - 1)])
      await until(() => readers.every(({ seen }) => of(coil, seen).length >= 20))
      leaving.abort()
      await Promise.all(readers.map(({ following }) => following))
      for (const { seen } of readers) expect(of(coil, seen).map((e) => e.revision)).toEqual([...Array(20).keys()])
    })
  })
}
