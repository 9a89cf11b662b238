import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { MemoryEventStore } from '#event-store/memory/memory-event-store'
import type { EventFeed } from './event-feed.js'
import { ReadAhead } from './read-ahead.js'
import { StoreFeed } from './store-feed.js'

async function storeOf(events: number): Promise<MemoryEventStore> {
  const store = new MemoryEventStore()
  for (let n = 0; n < events; n++) {
    await store.append([{ stream: `coil-${n % 5}`, expected: 'any', events: [{ type: 'CoilMoved', data: {} }] }])
  }
  return store
}

describe('reading ahead', () => {
  test('hands over in one batch what came while the reader was busy, each event once and in order', async () => {
    const feed = new StoreFeed(await storeOf(2500))
    const sizes: number[] = []
    const seen: bigint[] = []
    for await (const batch of new ReadAhead(feed, 100n, new AbortController().signal).batches()) {
      sizes.push(batch.length)
      seen.push(...batch.map((event) => event.position))
      if (seen.length === 2400) break
      await setTimeout(5)
    }
    expect(seen).toEqual(Array.from({ length: 2400 }, (_, n) => BigInt(n + 101)))
    expect(Math.max(...sizes)).toBeGreaterThan(1000)
  })

  test('waits for a slow reader instead of filling the memory', async () => {
    let handed = 0
    const feed = new StoreFeed(await storeOf(9000))
    const counted: EventFeed = {
      head: () => feed.head(),
      async *subscribe(after, signal) {
        for await (const events of feed.subscribe(after, signal)) {
          handed += events.length
          yield events
        }
      },
    }
    const batches = new ReadAhead(counted, 0n, new AbortController().signal, new Map(), 2000).batches()
    await batches.next()
    await setTimeout(50)
    expect(handed).toBeLessThanOrEqual(4000)
    await batches.return(undefined)
  })

  test('takes together what comes little by little, and the first at once', async () => {
    const store = new MemoryEventStore()
    const stop = new AbortController()
    const ahead = new ReadAhead(new StoreFeed(store), 0n, stop.signal)
    const sizes: number[] = []
    const begun = performance.now()
    let firstAfter = Number.POSITIVE_INFINITY
    const reading = (async () => {
      for await (const batch of ahead.batches()) {
        firstAfter = Math.min(firstAfter, performance.now() - begun)
        sizes.push(batch.length)
      }
    })()
    for (let n = 0; n < 40; n++) {
      await store.append([{ stream: 'coil-1', expected: 'any', events: [{ type: 'CoilMoved', data: {} }] }])
      await setTimeout(1)
    }
    await setTimeout(50)
    stop.abort()
    await reading
    expect(firstAfter).toBeLessThan(40)
    expect(sizes[0]).toBeLessThan(10)
    expect(sizes.length).toBeLessThan(20)
    expect(sizes.reduce((sum, size) => sum + size)).toBe(40)
  })

  test('ends with the signal, also while nothing comes', async () => {
    const stop = new AbortController()
    const batches = new ReadAhead(new StoreFeed(new MemoryEventStore()), 0n, stop.signal).batches()
    const next = batches.next()
    await setTimeout(10)
    stop.abort()
    expect((await next).done).toBe(true)
  })

  test('fails as the feed fails, after the events that came before', async () => {
    const whole = new StoreFeed(await storeOf(3))
    const feed: EventFeed = {
      head: () => whole.head(),
      async *subscribe(after, signal) {
        for await (const events of whole.subscribe(after, signal)) {
          yield events
          throw new Error('the broker is gone')
        }
      },
    }
    const batches = new ReadAhead(feed, 0n, new AbortController().signal).batches()
    expect((await batches.next()).value).toHaveLength(3)
    await expect(batches.next()).rejects.toThrow('the broker is gone')
  })
})
