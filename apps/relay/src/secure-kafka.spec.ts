/** A Kafka by TLS where one has to sign in: events go there and come back, and what is said where settings are wrong. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { KafkaFeed } from '#event-feed/kafka/kafka-feed'
import { StoreFeed } from '#event-feed/store-feed'
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store'
import { type LocalKafka, startKafka } from '#test/local/kafka/kafka'
import { somePort } from '#test/local/kafka/ports'
import { type Certificates, lacksOpenssl, makeCertificates } from '#test/support/certificates'
import { describeOnKafka, ownName } from '#test/support/kafka'
import { notRun } from '#test/support/not-run'
import { type TestDatabase, testDatabase } from '#test/support/postgres'
import { migrateCheckpoints } from './checkpoint.js'
import { Relay } from './relay.js'
import type { RelaySettings } from './relay-settings.js'

const USER = { username: 'coiltrail', password: 'hush-hush' }
const lacking = process.env.KAFKA_BROKERS ? 'KAFKA_BROKERS is that of others' : await lacksOpenssl()

await describeOnKafka('A Kafka by TLS where one has to sign in', () => {
  if (lacking) {
    notRun('a Kafka by TLS where one has to sign in', lacking)
    it('is not tried here', () => expect(lacking).toBeDefined())
    return
  }

  let folder: string
  let certificates: Certificates
  let kafka: LocalKafka
  let port: number
  let authority: string
  let database: TestDatabase
  let store: PostgresEventStore
  let leave: (() => Promise<unknown>)[] = []
  const said: string[] = []
  const say = (sentence: string) => void said.push(sentence)

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'coiltrail-secure-kafka-'))
    certificates = await makeCertificates()
    authority = await readFile(certificates.authority, 'utf8')
    port = await somePort()
    kafka = await startKafka({ folder, secured: { ...certificates, ...USER, listens: port } })
    database = await testDatabase()
    store = new PostgresEventStore(database.pool)
    await store.migrate()
    await migrateCheckpoints(database.pool)
    const coils = Array.from({ length: 20 }, (_, n) => `coil-${n}`)
    await store.append(coils.map((stream) => ({ stream, expected: 'none', events: [{ type: 'CoilMoved', data: {} }] })))
  })
  beforeEach(() => said.splice(0))
  afterEach(async () => {
    await Promise.all(leave.map((end) => end()))
    leave = []
    expect(said.join()).not.toContain('hush')
  })
  afterAll(async () => {
    await store.close()
    await database.drop()
    await kafka.stop()
    await certificates.remove()
    await rm(folder, { recursive: true })
  })

  const settings = (wrong: Partial<RelaySettings> = {}): RelaySettings => ({
    ...{ brokers: [`127.0.0.1:${port}`], topic: ownName('secure'), partitions: 3, retentionDays: 7 },
    ...{ tls: true, authority, ...USER, ...wrong },
  })

  function publish(to: RelaySettings): Relay {
    const logger = { log: say, warn: say, error: say, debug: say }
    const relay = new Relay({ settings: to, pool: database.pool, feed: new StoreFeed(store), logger })
    relay.start()
    leave.push(() => relay.stop())
    return relay
  }

  /** @returns how many events came by Kafka */
  function follow(from: RelaySettings): { readonly came: () => number } {
    const ends = new AbortController()
    const feed = new KafkaFeed({ ...from, group: from.topic }, new StoreFeed(store), { warn: say, debug: say })
    let came = 0
    const following = (async () => {
      for await (const events of feed.subscribe(0n, ends.signal)) came += events.filter(({ found }) => found).length
    })()
    leave.push(() => {
      ends.abort()
      return following
    })
    return { came: () => came }
  }

  it('has its events published and followed', async () => {
    const topic = settings()
    const relay = publish(topic)
    await until(() => relay.state === 'active' && relay.speed.published === 20)
    const { came } = follow(topic)
    // What Kafka did not bring within seconds is read from the store: events go on until it brings some.
    for (const end = Date.now() + 40_000; came() === 0 && Date.now() < end; await sleep(200)) {
      await store.append([{ stream: 'coil-0', expected: 'any', events: [{ type: 'CoilMoved', data: {} }] }])
    }
    expect(came()).toBeGreaterThan(0)
  })

  it.each([
    ['a wrong password', () => ({ password: 'hush' }), /authentication failed: .*KAFKA_USERNAME and KAFKA_PASSWORD$/],
    ['nobody who signs in', () => ({ username: undefined, password: undefined }), /\(KAFKA_USERNAME is not set\)$/],
    ['no TLS', () => ({ tls: false }), /\(KAFKA_TLS is off\)$/],
    ['neither', () => ({ tls: false, username: undefined }), /\(KAFKA_TLS is off, KAFKA_USERNAME is not set\)$/],
    ['no trust', () => ({ authority: undefined }), /unable to verify the first certificate: KAFKA_CA_FILE tells/],
    ['TLS where there is none', () => ({ brokers: [kafka.brokers] }), /answering by TLS: .* \(KAFKA_TLS is on\)$/],
    ['a user where there are none', () => ({ brokers: [kafka.brokers], tls: false }), /\(KAFKA_USERNAME is set\)$/],
  ])('is tried again and again with %s, and relay and read models say what is wrong', async (_, wrong, sentence) => {
    const topic = settings(wrong())
    const relay = publish(topic)
    follow(topic)
    await until(() => relay.reason !== undefined && said.some((line) => line.startsWith('Topic ')))
    expect({ state: relay.state, reason: relay.reason }).toEqual({
      state: 'waiting',
      reason: expect.stringMatching(sentence),
    })
    expect(said.filter((line) => line.startsWith('Topic '))).toEqual([expect.stringMatching(sentence)])
    expect(said.filter((line) => line.startsWith('Interrupted'))).toEqual([expect.stringMatching(sentence)])
  })
})

async function until(holds: () => boolean, ms = 40_000): Promise<void> {
  for (const end = Date.now() + ms; !holds(); await sleep(20)) {
    if (Date.now() > end) throw new Error('waited in vain')
  }
}
