import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import kafkajs, { type Admin, type IResourceConfigEntry, type Kafka } from 'kafkajs'
import type pg from 'pg'
import type { EventFeed } from '#event-feed/event-feed'
import { makeKafka } from '#event-feed/kafka/kafka-client'
import { eventOf, type LinkedEvent } from '#event-feed/kafka/message'
import { StoreFeed } from '#event-feed/store-feed'
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store'
import { makePool } from '#platform/postgres/pool'
import { startKafka } from '#test/local/kafka/kafka'
import { describeOnKafka, ownName } from '#test/support/kafka'
import { type NetworkLine, networkLine } from '#test/support/network-line'
import { notRun } from '#test/support/not-run'
import { type TestDatabase, testDatabase } from '#test/support/postgres'
import { migrateCheckpoints, readCheckpoint } from './checkpoint.js'
import { partitionerFor } from './partitioner.js'
import { Publishing } from './publishing.js'
import { Relay } from './relay.js'
import type { RelaySettings } from './relay-settings.js'

const { ConfigResourceTypes } = kafkajs

const quiet = { log() {}, warn() {}, error() {}, debug() {} }
const PARTITIONS = 6
const STREAMS = 25

await describeOnKafka('The relay', (brokers) => {
  let database: TestDatabase
  let store: PostgresEventStore
  let settings: RelaySettings
  let kafka: Kafka
  let admin: Admin
  const relays = new Set<Relay>()
  const pools = new Set<pg.Pool>()
  let line: NetworkLine | undefined

  beforeEach(async () => {
    database = await testDatabase()
    store = new PostgresEventStore(database.pool)
    await store.migrate()
    await migrateCheckpoints(database.pool)
    settings = settingsAt(brokers)
    kafka = makeKafka(settings, 'spec', quiet)
    admin = kafka.admin()
    await admin.connect()
  })
  afterEach(async () => {
    line?.close()
    line = undefined
    await Promise.all([...relays].map((relay) => relay.stop()))
    relays.clear()
    await Promise.all([...pools].map((pool) => pool.end()))
    pools.clear()
    await admin.disconnect()
    await store.close()
    await database.drop()
  })

  function settingsAt(at: string): RelaySettings {
    return {
      ...{ brokers: at.split(','), topic: ownName('relay'), partitions: PARTITIONS, retentionDays: 7, tls: false },
    }
  }

  function start(by: { url?: string; settings?: RelaySettings; feed?: EventFeed } = {}): Relay {
    const pool = makePool(by.url ?? database.url, 'relay', 3, 2_000)
    const relay = new Relay({
      settings: by.settings ?? settings,
      pool,
      feed: by.feed ?? new StoreFeed(store),
      logger: quiet,
      every: { right: 200, topic: 400 },
    })
    relay.start()
    relays.add(relay)
    pools.add(pool)
    return relay
  }

  async function stop(relay: Relay): Promise<void> {
    relays.delete(relay)
    await relay.stop()
  }

  /** One more event in each of some streams, in one append, several times. */
  async function record(events: number): Promise<void> {
    for (let n = 0; n < events; n += STREAMS) {
      const writes = Array.from({ length: Math.min(STREAMS, events - n) }, (_, i) => ({
        stream: `coil-AZ-${i}`,
        expected: 'any' as const,
        events: [{ type: 'CoilMoved', data: { coil: `AZ-${i}`, from: 'B1', to: 'B2' }, metadata: { actor: 'Ion' } }],
      }))
      await store.append(writes)
    }
  }

  const position = async (topic = settings.topic) => (await readCheckpoint(database.pool, topic))?.position ?? 0n

  async function publishedAll(topic = settings.topic): Promise<void> {
    const head = await store.head()
    await until(async () => (await position(topic)) === head)
  }

  /** Everything on the topic, each partition in its order. */
  async function onTopic(): Promise<readonly (LinkedEvent & { partition: number; at: number })[]> {
    const ends = await admin.fetchTopicOffsets(settings.topic)
    const expected = ends.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0)
    const found: (LinkedEvent & { partition: number; at: number })[] = []
    const consumer = kafka.consumer({ groupId: ownName('spec'), maxWaitTimeInMs: 100 })
    await consumer.connect()
    await consumer.subscribe({ topic: settings.topic, fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ partition, message }) => {
        found.push({ ...eventOf(message), partition, at: Number(message.timestamp) })
      },
    })
    await until(async () => found.length >= expected)
    await consumer.disconnect()
    return found
  }

  async function allEvents() {
    const head = await store.head()
    const events: { id: string; stream: string; position: bigint; previous: bigint }[] = []
    let previous = 0n
    const stop = new AbortController()
    for await (const batch of store.subscribe(0n, stop.signal)) {
      for (const { id, stream, position } of batch) {
        events.push({ id, stream, position, previous })
        previous = position
      }
      if (previous === head) break
    }
    return events
  }

  /** Whatever was repeated: the first of each are in the order of their stream, with the chain that the store gives. */
  async function expectAllInOrder(found: Awaited<ReturnType<typeof onTopic>>): Promise<void> {
    const recorded = await allEvents()
    const links = new Map(recorded.map(({ id, previous }) => [id, previous]))
    expect(new Set(found.map(({ id }) => id)).size).toBe(recorded.length)
    const revisions = new Map<string, number>()
    for (const { id, stream, revision, previous } of found) {
      expect([id, previous]).toEqual([id, links.get(id)])
      const next = (revisions.get(stream) ?? -1) + 1
      expect(revision).toBeLessThanOrEqual(next)
      revisions.set(stream, Math.max(revision, next - 1))
    }
  }

  /** What a relay does that is killed after its first batch was acknowledged, and before that is noted. */
  async function publishOnce({ from = 0n, events = 0 }): Promise<void> {
    const producer = kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: partitionerFor(settings.topic, PARTITIONS),
      retry: { retries: 0 },
    })
    await producer.connect()
    const killed = new Publishing({
      ...{ feed: new StoreFeed(store), producer, topic: settings.topic, limits: { events, bytes: 1_000_000 } },
      published() {},
      progress: {
        position: from,
        confirm: async () => {},
        move: async () => {
          throw new Error('killed')
        },
      },
    })
    await killed.run(new AbortController().signal).finally(() => producer.disconnect())
  }

  const alter = (entries: IResourceConfigEntry[]) =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: settings.topic, configEntries: entries }],
    })

  const make = (configEntries: IResourceConfigEntry[], numPartitions = PARTITIONS) =>
    admin.createTopics({ waitForLeaders: true, topics: [{ topic: settings.topic, numPartitions, configEntries }] })

  it('publishes every event once, in the order of its stream, linked to the one before, and then what comes', async () => {
    await record(3_000)
    const before = Date.now()
    const relay = start()
    await publishedAll()
    await record(50)
    await publishedAll()
    const found = await onTopic()
    expect(found).toHaveLength(3_050)
    await expectAllInOrder(found)
    for (const ofStream of Map.groupBy(found, ({ stream }) => stream).values()) {
      expect(new Set(ofStream.map(({ partition }) => partition)).size).toBe(1)
    }
    expect(new Set(found.map(({ partition }) => partition)).size).toBe(PARTITIONS)
    // Retention counts from here, also for what was recorded long ago.
    for (const { at } of found) expect(at).toBeGreaterThanOrEqual(before)
    expect(relay.state).toBe('active')
    expect(relay.speed.published).toBe(3_050)
  })

  it('makes a topic that loses nothing unread', async () => {
    start()
    await until(async () => (await admin.listTopics()).includes(settings.topic))
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: settings.topic }],
    })
    const found = Object.fromEntries(resources[0]!.configEntries.map((entry) => [entry.configName, entry.configValue]))
    expect(found).toMatchObject({
      'cleanup.policy': 'delete',
      'retention.ms': String(7 * 24 * 60 * 60 * 1000),
      'retention.bytes': '-1',
      'max.message.bytes': '4194304',
    })
  })

  it('goes on after a restart from where it was', async () => {
    await record(500)
    await stop(await untilActive(start()))
    await record(500)
    start()
    await publishedAll()
    const found = await onTopic()
    expect(found).toHaveLength(1_000)
    await expectAllInOrder(found)
  })

  it('publishes an event as large as the store takes', async () => {
    const data = { remark: 'ă'.repeat(495_000) }
    await store.append([
      {
        stream: 'coil-AZ-1',
        expected: 'any',
        events: [
          { type: 'CoilMoved', data },
          { type: 'CoilMoved', data },
        ],
      },
    ])
    start()
    await publishedAll()
    expect((await onTopic()).map((event) => event.data)).toEqual([data, data])
  })

  it('says which event the brokers do not take', async () => {
    await make([{ name: 'max.message.bytes', value: '20000' }])
    await record(10)
    const data = { remark: 'x'.repeat(50_000) }
    await store.append([{ stream: 'coil-AZ-999', expected: 'any', events: [{ type: 'CoilHeld', data }] }])
    await expect(publishOnce({ events: 100 })).rejects.toThrow(
      /does not take event \S+ \(CoilHeld of coil-AZ-999\) of about 507\d\d bytes: raise max\.message\.bytes/,
    )
  })

  it('repeats what was sent but not noted when it was killed, with the same links, and loses nothing', async () => {
    await record(1_200)
    const before = await untilActive(start())
    await publishedAll()
    await stop(before)
    const from = await position()
    await record(1_200)
    await expect(publishOnce({ from, events: 700 })).rejects.toThrow('killed')
    expect(await position()).toBe(from)

    start()
    await publishedAll()
    const found = await onTopic()
    expect(found.length).toBe(2_400 + 700)
    await expectAllInOrder(found)
  })

  it('stands by while another one publishes, and takes over within seconds when that one is cut off', async () => {
    line = await networkLine(database.url)
    const first = await untilActive(start({ url: line.url }))
    const second = start()
    await untilState(second, 'standby')
    await record(500)
    await publishedAll()
    expect(second.speed.published).toBe(0)

    // The first hears nothing of its loss, and the events still reach it; what it was last told is too long ago.
    line.fallSilent()
    await setTimeout(1_100)
    await database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND (classid::bigint << 32) | objid::bigint = hashtextextended($1, 0)`,
      [`coiltrail relay ${settings.topic}`],
    )
    await record(500)
    const cut = performance.now()
    await publishedAll()
    expect(performance.now() - cut).toBeLessThan(5_000)
    expect(second.state).toBe('active')
    await untilState(first, 'waiting')

    line.comeBack()
    await untilState(first, 'standby')
    const found = await onTopic()
    expect(found).toHaveLength(1_000)
    await expectAllInOrder(found)
  })

  it.each<[string, IResourceConfigEntry[], RegExp, IResourceConfigEntry[]]>([
    [
      'that is compacted',
      [{ name: 'cleanup.policy', value: 'compact' }],
      /^cleanup\.policy of topic .* is compact, /,
      [{ name: 'cleanup.policy', value: 'delete' }],
    ],
    [
      'that keeps events for an hour',
      [{ name: 'retention.ms', value: '3600000' }],
      /^retention\.ms of topic .* is 3600000, .*set it to 604800000/,
      [{ name: 'retention.ms', value: '-1' }],
    ],
    [
      'that is cut by size',
      [{ name: 'retention.bytes', value: '1000000' }],
      /^retention\.bytes of topic .* is 1000000, /,
      [{ name: 'retention.bytes', value: '-1' }],
    ],
  ])('refuses a topic %s, and goes on when that is put right', async (_, wrong, words, right) => {
    await make(wrong)
    await record(10)
    const relay = await untilState(start(), 'refused')
    expect(relay.reason).toMatch(words)
    expect(await admin.fetchTopicOffsets(settings.topic)).toEqual(
      expect.arrayContaining([expect.objectContaining({ high: '0' })]),
    )
    await alter(right)
    await publishedAll()
    expect(relay.state).toBe('active')
  })

  it('stops when a topic is broken while it publishes', async () => {
    const relay = await untilActive(start())
    await alter([{ name: 'retention.ms', value: '3600000' }])
    await untilState(relay, 'refused')
    expect(relay.reason).toMatch(/^retention\.ms/)
    await record(10)
    await setTimeout(500)
    expect(await position()).toBe(0n)
  })

  it('refuses a topic that was given more partitions, before anything goes into a wrong one', async () => {
    await record(200)
    const relay = await untilActive(start())
    await publishedAll()
    await stop(relay)
    await admin.createPartitions({ topicPartitions: [{ topic: settings.topic, count: PARTITIONS + 6 }] })
    await record(200)
    const again = await untilState(start(), 'refused')
    expect(again.reason).toMatch(/has 12 partitions and had 6 when it was first published to/)
    const ends = await admin.fetchTopicOffsets(settings.topic)
    expect(ends.filter(({ partition, high }) => partition >= PARTITIONS && high !== '0')).toEqual([])
  })

  it('publishes everything again to a topic that was deleted', async () => {
    await record(600)
    const relay = await untilActive(start())
    await publishedAll()
    await admin.deleteTopics({ topics: [settings.topic] })
    await record(100)
    await until(async () => relay.speed.published >= 600 + 700)
    await publishedAll()
    await expectAllInOrder(await onTopic())
    expect(relay.state).toBe('active')
  })

  it('refuses an event store that has less than was published', async () => {
    await record(100)
    const before = await untilActive(start())
    await publishedAll()
    await stop(before)
    await database.pool.query('UPDATE relay.checkpoints SET position = position + 1')
    const relay = await untilState(start(), 'refused')
    expect(relay.reason).toMatch(/^The event store ends at position 100, but .* up to 101: it is another store/)
  })

  it('waits while the event store is away, and goes on when it is back', async () => {
    line = await networkLine(database.url)
    const pool = makePool(line.url, 'event store', 3, 1_000)
    pools.add(pool)
    const afar = new PostgresEventStore(pool)
    const relay = await untilActive(start({ feed: new StoreFeed(afar) }))
    line.fallSilent()
    await record(100)
    await untilState(relay, 'waiting')
    line.comeBack()
    await publishedAll()
    await untilActive(relay)
    expect(await onTopic()).toHaveLength(100)
    await stop(relay)
    await afar.close()
  })

  it('waits while Kafka is away, and goes on when it is back', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'coiltrail-relay-'))
    const own = await startKafka({ folder, heapMb: 256 }).catch((error: Error) => error)
    if (own instanceof Error) {
      notRun('the relay while Kafka is away', own.message)
      return
    }
    try {
      const away = settingsAt(own.brokers)
      await record(100)
      const relay = await untilActive(start({ settings: away }))
      await publishedAll(away.topic)
      own.kill()
      await record(100)
      await untilState(relay, 'waiting')
      expect(relay.reason).toMatch(/ECONNREFUSED|[Cc]onnect/)
      await own.restart()
      await publishedAll(away.topic)
      expect(relay.state).toBe('active')
      await stop(relay)
    } finally {
      await own.stop()
      await rm(folder, { recursive: true, force: true })
    }
  }, 120_000)

  const untilActive = (relay: Relay) => untilState(relay, 'active')

  async function untilState(relay: Relay, state: Relay['state']): Promise<Relay> {
    await until(
      async () => relay.state === state,
      () => `it is ${relay.state}, not ${state}: ${relay.reason}`,
    )
    return relay
  }
})

async function until(holds: () => Promise<boolean>, otherwise = () => 'waited in vain'): Promise<void> {
  const late = performance.now() + 40_000
  while (!(await holds())) {
    if (performance.now() > late) throw new Error(otherwise())
    await setTimeout(50)
  }
}
