import { setTimeout as sleep } from 'node:timers/promises'
import { MemoryEventStore } from '#event-store/memory/memory-event-store'
import { describeOnKafka } from '#test/support/kafka'
import { type TestTopic, testTopic } from '#test/support/topic'
import type { DeliveredEvent, Offsets } from '../event-feed.js'
import { StoreFeed } from '../store-feed.js'
import { allToTheNewest } from './all-to-the-newest.js'
import { KafkaFeed } from './kafka-feed.js'

/** A read model that only remembers: what came, in what order, and the offsets that go with it. */
class Follower {
  readonly events: DeliveredEvent[] = []
  readonly offsets = new Map<number, bigint>()
  readonly said: string[] = []
  private readonly leaving = new AbortController()
  private readonly following: Promise<void>
  readonly feed: KafkaFeed

  constructor(brokers: string, topic: string, store: MemoryEventStore, after = 0n, offsets?: Offsets, pauseMs = 0) {
    const log = { warn: (sentence: string) => void this.said.push(sentence), debug: () => {} }
    const settings = { brokers: brokers.split(','), topic, tls: false, group: `${topic}.spec` }
    this.feed = new KafkaFeed(settings, new StoreFeed(store), log)
    this.following = this.follow(after, offsets, pauseMs)
  }

  private async follow(after: bigint, offsets: Offsets | undefined, pauseMs: number): Promise<void> {
    for await (const events of this.feed.subscribe(after, this.leaving.signal, offsets)) {
      if (pauseMs > 0) await sleep(pauseMs)
      this.events.push(...events)
      for (const { found } of events) if (found) this.offsets.set(found.partition, found.offset)
      this.feed.applied(this.offsets)
    }
  }

  get positions(): bigint[] {
    return this.events.map(({ position }) => position)
  }

  async has(events: number, ms = 30_000): Promise<void> {
    for (const end = Date.now() + ms; this.events.length < events; await sleep(10)) {
      if (Date.now() > end) throw new Error(`waited in vain for ${events} events, ${this.events.length} came`)
    }
  }

  async reaches(position: bigint, ms = 30_000): Promise<void> {
    for (const end = Date.now() + ms; (this.positions.at(-1) ?? 0n) < position; await sleep(10)) {
      if (Date.now() > end) throw new Error(`waited in vain for position ${position}`)
    }
  }

  async end(): Promise<void> {
    this.leaving.abort()
    await this.following
  }
}

await describeOnKafka('A feed from Kafka', (brokers) => {
  let store: MemoryEventStore
  let topic: TestTopic
  let followers: Follower[]
  beforeEach(async () => {
    store = new MemoryEventStore()
    topic = await testTopic(brokers)
    followers = []
  })
  afterEach(async () => {
    await Promise.all(followers.map((follower) => follower.end()))
    await topic.remove()
  })

  const follow = (after?: bigint, offsets?: Offsets, pauseMs?: number, at = brokers) => {
    const follower = new Follower(at, topic.name, store, after, offsets, pauseMs)
    followers.push(follower)
    return follower
  }

  const happen = async (count: number, coils = 7) => {
    for (let n = 0; n < count; n++) {
      const data = { n, note: 'x'.repeat(n % 50) }
      await store.append([{ stream: `coil-${n % coils}`, expected: 'any', events: [{ type: 'CoilMoved', data }] }])
    }
    return topic.linked(store)
  }

  /** What comes now comes from the topic again, whatever came from the store before. */
  const bringsByKafka = async (follower: Follower, soFar: number) => {
    for (let more = 1; more <= 40; more++) {
      await topic.publish((await happen(1)).slice(-1))
      await follower.reaches(BigInt(soFar + more))
      if (follower.events.at(-1)!.found) return
      await sleep(500)
    }
    throw new Error(`Kafka brings nothing: ${follower.said.join('; ')}`)
  }

  const upTo = (count: number) => Array.from({ length: count }, (_, n) => BigInt(n + 1))
  const fromTheStore = /reads up to \d+ from the event store/

  it('brings all partitions together in the order of the store, history and what comes', async () => {
    const all = await happen(300)
    await topic.publish(all)
    const follower = follow()
    await follower.has(300)
    const more = await happen(200)
    for (const one of more.slice(300)) await topic.publish([one])
    await follower.has(500)
    expect(follower.positions).toEqual(upTo(500))
    expect(follower.events[17]).toMatchObject({ ...all[17]!.event, found: expect.anything() })
    expect(follower.said).toEqual([])
    expect(follower.offsets.size).toBeGreaterThan(3)
  })

  it('brings once what a relay has published twice', async () => {
    const all = await happen(100)
    await topic.publish(all.slice(0, 60))
    await topic.publish(all.slice(20, 100))
    await topic.publish(all)
    const follower = follow()
    await follower.has(100)
    await sleep(300)
    expect(follower.positions).toEqual(upTo(100))
    expect(follower.said).toEqual([])
  })

  it('never skips what the topic lost: it is read from the event store, and said', async () => {
    const all = await happen(100)
    await topic.publish([...all.slice(0, 40), ...all.slice(43)])
    const follower = follow()
    await follower.has(100)
    expect(follower.positions).toEqual(upTo(100))
    expect(follower.events[41]!.found).toBeUndefined()
    expect(follower.said).toEqual([
      expect.stringMatching(/behind position 40: reads up to 43 from the event store/),
      expect.stringMatching(/brings events again, from position 44 on/),
    ])
  })

  it('passes over what somebody else has written there', async () => {
    const all = await happen(20)
    await topic.publish(all.slice(0, 10))
    const producer = topic.kafka.producer()
    await producer.connect()
    await producer.send({ topic: topic.name, messages: [{ key: 'coil-1', value: 'hello' }] })
    await producer.disconnect()
    await topic.publish(all.slice(10))
    const follower = follow()
    await follower.has(20)
    expect(follower.positions).toEqual(upTo(20))
    expect(follower.said).toEqual([expect.stringMatching(/is passed over: header ce_specversion is missing/)])
  })

  it('goes on where the read model was, and nothing that is kept comes again', async () => {
    await topic.publish(await happen(100))
    const first = follow()
    await first.has(100)
    await first.end()
    const all = await happen(50)
    await topic.publish(all.slice(100))
    const second = follow(100n, first.offsets)
    await second.has(50)
    expect(second.positions).toEqual(upTo(150).slice(100))
    expect(second.said).toEqual([])
    for (const { found } of second.events) {
      expect(found!.offset).toBeGreaterThan(first.offsets.get(found!.partition) ?? -1n)
    }
  })

  it('is found by the time of what comes next, where a position was kept without offsets', async () => {
    await topic.publish(await happen(80))
    const follower = follow(50n)
    await follower.has(30)
    expect(follower.positions).toEqual(upTo(80).slice(50))
    expect(follower.said).toEqual([])
  })

  it('ends when it is told to, at whatever moment of its beginning', async () => {
    await topic.publish(await happen(20))
    const ended = Array.from({ length: 40 }, async (_, n) => {
      const follower = follow()
      await sleep(n * 3)
      await follower.end()
      return 'ended'
    })
    const late = sleep(30_000, 'still there', { ref: false })
    expect(new Set(await Promise.all(ended.map((one) => Promise.race([one, late]))))).toEqual(new Set(['ended']))
  }, 90_000)

  it('shows those who watch the broker how far its group is', async () => {
    await topic.publish(await happen(60))
    const follower = follow()
    await follower.has(60)
    const admin = topic.kafka.admin()
    await admin.connect()
    const lag = async () => {
      const ends = await admin.fetchTopicOffsets(topic.name)
      const [committed] = await admin.fetchOffsets({ groupId: `${topic.name}.spec`, topics: [topic.name] })
      return ends.reduce((sum, { partition, high }) => {
        const offset = Number(committed!.partitions.find((one) => one.partition === partition)?.offset ?? -1)
        return sum + Number(high) - Math.max(0, offset)
      }, 0)
    }
    for (const end = Date.now() + 60_000; (await lag()) > 0 && Date.now() < end; ) await sleep(100)
    expect(await lag()).toBe(0)
    await admin.disconnect()
  })

  it('comes from the event store while no broker answers, and says so', async () => {
    await happen(30)
    const follower = follow(0n, undefined, 0, '127.0.0.1:1')
    await follower.has(30)
    await happen(10)
    await follower.has(40)
    expect(follower.positions).toEqual(upTo(40))
    expect(follower.said.filter((sentence) => /cannot be read, will try again/.test(sentence)).length).toBeGreaterThan(
      0,
    )
    expect(follower.said.filter((sentence) => fromTheStore.test(sentence))).toHaveLength(1)
  })

  it('waits for a slow reader with bounded memory, who misses nothing', async () => {
    const note = 'x'.repeat(2_000)
    for (let n = 0; n < 60; n++) {
      const events = Array.from({ length: 500 }, () => ({ type: 'CoilMoved', data: { note } }))
      await store.append([{ stream: `coil-${n % 7}`, expected: 'any', events }])
    }
    const all = await topic.linked(store)
    for (let n = 0; n < all.length; n += 300) await topic.publish(all.slice(n, n + 300))
    const follower = follow(0n, undefined, 100)
    await follower.has(30_000)
    expect(follower.positions).toEqual(upTo(30_000))
    expect(follower.said).toEqual([])
  })

  it('comes by Kafka again after the store had to help while a partition was full', async () => {
    const note = 'x'.repeat(500)
    for (let n = 0; n < 24; n++) {
      const events = Array.from({ length: 500 }, () => ({ type: 'CoilMoved', data: { note } }))
      await store.append([{ stream: 'coil-0', expected: 'any', events }])
    }
    const all = await topic.linked(store)
    // Its beginning is not on the topic: what is there waits, fills its partition, and is overtaken by the store.
    for (let n = 10; n < all.length; n += 500) await topic.publish(all.slice(n, n + 500))
    const follower = follow()
    await follower.reaches(12_000n)
    expect(follower.positions).toEqual(upTo(12_000))
    await bringsByKafka(follower, 12_000)
  })

  it('comes by Kafka, without delay, while the event store does not answer; and ends when told to', async () => {
    await topic.publish(await happen(20))
    const follower = follow()
    await follower.has(20)
    const linked = await happen(60)
    store.head = () => new Promise(() => {})
    store.subscribe = async function* (_, signal) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    }
    for (const one of linked.slice(20)) {
      await topic.publish([one])
      await sleep(100)
      expect(follower.positions.at(-1)).toBe(one.event.position)
    }
    const told = performance.now()
    await follower.end()
    expect(performance.now() - told).toBeLessThan(4_000)
  })

  it('goes on over a rebalance: one that came earlier gets no partition, one that came later gets all', async () => {
    await topic.publish(await happen(50))
    const follower = follow()
    await follower.has(50)
    const join = async (since: number) => {
      const consumer = topic.kafka.consumer({
        groupId: `${topic.name}.spec`,
        partitionAssigners: [allToTheNewest(since)],
        sessionTimeout: 6_000,
        rebalanceTimeout: 6_000,
      })
      await consumer.connect()
      await consumer.subscribe({ topic: topic.name })
      const joined = new Promise<number>((resolve) => {
        consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
          resolve(payload.memberAssignment[topic.name]?.length ?? 0)
        })
      })
      await consumer.run({ autoCommit: false, eachBatch: async () => {} })
      return { consumer, partitions: await joined }
    }
    const zombie = await join(Date.now() - 60_000)
    expect(zombie.partitions).toBe(0)
    await topic.publish((await happen(50)).slice(50))
    await follower.has(100)
    expect(follower.said).toEqual([])

    const thief = await join(Date.now() + 60_000)
    expect(thief.partitions).toBe(6)
    await topic.publish((await happen(50)).slice(100))
    await follower.has(150)
    await Promise.all([zombie.consumer.disconnect(), thief.consumer.disconnect()])
    await topic.publish((await happen(50)).slice(150))
    await follower.has(200)
    expect(follower.positions).toEqual(upTo(200))
    await bringsByKafka(follower, 200)
  })

  it('is found again when the topic was made anew', async () => {
    await topic.publish(await happen(100))
    const first = follow()
    await first.has(100)
    await first.end()
    const admin = topic.kafka.admin()
    await admin.connect()
    await admin.deleteTopics({ topics: [topic.name] })
    await sleep(500)
    await admin.createTopics({ topics: [{ topic: topic.name, numPartitions: 6 }], waitForLeaders: true })
    await admin.disconnect()
    await topic.publish((await happen(20)).slice(100))
    const second = follow(100n, first.offsets)
    await second.has(20)
    expect(second.positions).toEqual(upTo(120).slice(100))
    await bringsByKafka(second, 120)
  })
})
