import { setTimeout as sleep } from 'node:timers/promises'
import { KafkaFeed } from '#event-feed/kafka/kafka-feed'
import { contents } from '#test/fixtures/ledger/contents'
import { type Fact, ledger } from '#test/fixtures/ledger/ledger'
import { eventually, Plant } from '#test/fixtures/ledger/plant'
import { describeOnKafka } from '#test/support/kafka'
import { type TestTopic, testTopic } from '#test/support/topic'
import { find, offsetsOf } from './builds.js'

const received: Fact = { type: 'CoilReceived', kg: 7000, location: 'bay-1', tag: 'new' }
const moved = (to: string): Fact => ({ type: 'CoilMoved', to })

await describeOnKafka('A read model that follows Kafka', (brokers) => {
  let plant: Plant
  let topic: TestTopic
  let said: string[]
  beforeEach(async () => {
    plant = await Plant.open()
    topic = await testTopic(brokers)
    said = []
    plant.live = feed()
  })
  afterEach(async () => {
    await plant[Symbol.asyncDispose]()
    await topic.remove()
  })

  const feed = () => {
    const log = { warn: (sentence: string) => void said.push(sentence), debug: () => {} }
    const settings = { brokers: brokers.split(','), topic: topic.name, tls: false, group: `${topic.name}.ledger` }
    return new KafkaFeed(settings, plant.feed, log)
  }

  /** What a relay would have published by now; some of it again, as one does that was killed. */
  const publishes = async (from: number, again = 0) => {
    const all = await topic.linked(plant.store)
    await topic.publish(all.slice(Math.max(0, from - again)))
    return all.length
  }

  const offsets = async () => {
    const live = await find(plant.pool, ledger(), 'live')
    return offsetsOf(plant.pool, ledger(), live!.build)
  }

  /** A replay of the same events straight from the store, by another read model of the same kind. */
  const replayed = async () => {
    const again = await Plant.open()
    try {
      for await (const events of plant.store.subscribe(0n, AbortSignal.timeout(20_000))) {
        for (const { stream, type, data, metadata, id } of events) {
          await again.store.append([{ stream, expected: 'any', events: [{ id, type, data, metadata }] }])
        }
        if (events.at(-1)!.position >= (await plant.store.head())) break
      }
      const runner = await again.started(ledger())
      await runner.waitFor(await again.store.head(), 20_000)
      return await contents(again.pool, ledger())
    } finally {
      await again[Symbol.asyncDispose]()
    }
  }

  it('has every event once, whatever was published twice, and the offsets that go with its rows', async () => {
    await plant.lives(120)
    const first = await publishes(0)
    await publishes(0, 0)
    const runner = await plant.started(ledger())
    expect(await runner.waitFor(await plant.store.head(), 30_000)).toBe(true)
    const last = await plant.lives(40, 'later')
    await publishes(first, 200)
    expect(await runner.waitFor(last, 30_000)).toBe(true)
    expect(await contents(plant.pool, ledger())).toEqual(await replayed())
    expect((await offsets()).size).toBe(6)
    expect(said).toEqual([])
  })

  it('goes on from its own offsets after it was stopped, whatever the group had committed', async () => {
    await plant.lives(60)
    const first = await publishes(0)
    const runner = await plant.started(ledger())
    await runner.waitFor(await plant.store.head(), 30_000)
    await runner.stop()
    const kept = await offsets()
    const admin = topic.kafka.admin()
    await admin.connect()
    const zero = [...kept.keys()].map((partition) => ({ partition, offset: '0' }))
    await admin.setOffsets({ groupId: `${topic.name}.ledger`, topic: topic.name, partitions: zero })
    await admin.disconnect()
    const last = await plant.lives(20, 'later')
    await publishes(first)
    plant.live = feed()
    const next = await plant.started(ledger())
    expect(await next.waitFor(last, 30_000)).toBe(true)
    expect(await contents(plant.pool, ledger())).toEqual(await replayed())
    for (const [partition, offset] of await offsets()) expect(offset).toBeGreaterThanOrEqual(kept.get(partition)!)
  })

  it('is taken over by a second one when the first loses its database connection, and nothing is applied twice', async () => {
    await plant.lives(30)
    let published = await publishes(0)
    const first = await plant.started(ledger())
    plant.live = feed()
    const second = await plant.started(ledger())
    await first.waitFor(await plant.store.head(), 30_000)
    const states = async () => [first.state, second.state].sort().join()
    expect(await eventually(states, (now) => now === 'running,standby')).toBe('running,standby')
    for (let round = 0; round < 4; round++) {
      await plant.cutConnections()
      const last = await plant.lives(10, `round-${round}`)
      published = await publishes(published, 15)
      expect(await second.waitFor(last, 30_000)).toBe(true)
    }
    expect(await contents(plant.pool, ledger())).toEqual(await replayed())
  })

  it('that is new takes history from the event store, and goes over to Kafka without a hole', async () => {
    for (let n = 0; n < 230; n++)
      await plant.happens(`coil-${n}`, received, ...Array.from({ length: 99 }, () => moved('bay-2')))
    const all = await topic.linked(plant.store)
    // The topic has only what is recent: the beginning is gone from it.
    await topic.publish(all.slice(-2_000))
    const runner = await plant.started(ledger())
    expect(await runner.waitFor(await plant.store.head(), 60_000)).toBe(true)
    for (let n = 0; n < 50; n++) {
      const last = await plant.happens(`coil-${n}`, moved('bay-3'))
      await topic.publish((await topic.linked(plant.store)).slice(-1))
      if (n % 10 === 0) expect(await runner.waitFor(last, 30_000)).toBe(true)
    }
    expect(await runner.waitFor(await plant.store.head(), 30_000)).toBe(true)
    expect((await offsets()).size).toBeGreaterThan(0)
    const [{ coils, moves }] = [
      await plant.one<{ coils: number; moves: number }>(
        'SELECT count(*)::int AS coils, sum(moves)::int AS moves FROM ledger.coils',
      ),
    ]
    expect({ coils, moves }).toEqual({ coils: 230, moves: 230 * 99 + 50 })
    expect(said).toEqual([])
  })

  it('is rebuilt from the event store while it follows, and the new tables go on where the old ones were', async () => {
    await plant.lives(100)
    let published = await publishes(0)
    const runner = await plant.started(ledger())
    await runner.waitFor(await plant.store.head(), 30_000)
    let going = true
    const traffic = (async () => {
      for (let n = 0; going; n++) {
        await plant.happens(`busy-${n}`, received, moved('bay-3'))
        published = await publishes(published)
        await sleep(5)
      }
    })()
    const { outcome } = await runner.rebuild()
    const atSwap = await offsets()
    await sleep(300)
    going = false
    await traffic
    expect(outcome).toBe('swapped')
    expect(atSwap.size).toBe(6)
    expect(await runner.waitFor(await plant.store.head(), 30_000)).toBe(true)
    expect(await contents(plant.pool, ledger())).toEqual(await replayed())
  })
})
