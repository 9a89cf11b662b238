import 'reflect-metadata'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store'
import { readConfig } from '#platform/config'
import { createApp } from '#platform/http/create-app'
import { STAFF } from '#platform/identity/roles'
import { EVENT_STORE } from '#platform/store'
import { httpClient, type TestHttp } from '#test/support/http'
import { describeOnKafka, ownName } from '#test/support/kafka'
import { testDatabase } from '#test/support/postgres'
import { RelayModule } from './relay.module.js'

/** Nobody listens there. */
const NOWHERE = '127.0.0.1:1'

describe('The relay as a process', () => {
  it('does not start without a Kafka, and says what to set', async () => {
    const database = await testDatabase()
    const main = join(import.meta.dirname, 'main.ts')
    const loader = join(import.meta.dirname, '../../../test/support/typescript.mjs')
    const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((done) => {
      const env = { PATH: process.env.PATH, DATABASE_URL: database.url, PORT: '0', COILTRAIL_TOKENS_FILE: '/dev/null' }
      execFile(process.execPath, ['--import', loader, main], { env }, (error, _, stderr) =>
        done({ code: error?.code, stderr }),
      )
    })
    expect(code).toBe(1)
    expect(stderr.trim().split('\n').at(-1)).toMatch(
      /^Coiltrail relay cannot start\. KAFKA_BROKERS is not set: tell the relay, as host:port, /,
    )
    await database.drop()
  })

  it('that cannot reach Kafka answers that it waits, and why, and is degraded', async () => {
    const relay = await startRelay({ KAFKA_BROKERS: NOWHERE })
    await relay.record()
    await relay.untilState('waiting', /ECONNREFUSED/)
    const { body } = await relay.http.get('/api/relay', { as: 'auditor' })
    expect(body).toMatchObject({ position: '0', partitions: null, published: 0 })
    // Those, and what the keys of the first start left.
    expect(body.eventsBehind).toBeGreaterThanOrEqual(2)
    expect(body.secondsBehind).toBeGreaterThan(0)
    const health = await relay.http.get('/api/health/ready', { as: null })
    expect(health.body.parts.relay).toEqual({ status: 'degraded', state: 'waiting' })
    expect((await relay.http.get('/api/relay', { as: null })).status).toBe(401)
    await relay.close()
  })

  it('serves the AsyncAPI document of its topic to anyone', async () => {
    const relay = await startRelay({ KAFKA_BROKERS: NOWHERE, KAFKA_TOPIC: 'plant-7.events', KAFKA_PARTITIONS: '24' })
    const { body } = await relay.http.get('/api/asyncapi.json', { as: null })
    expect(body.asyncapi).toBe('3.0.0')
    expect(body.channels.events).toMatchObject({ address: 'plant-7.events', bindings: { kafka: { partitions: 24 } } })
    expect(body.components.messages['CoilMoved.1'].payload.properties).toHaveProperty('from')
    await relay.close()
  })
})

await describeOnKafka('The relay as a process with Kafka', (brokers) => {
  it('answers how far it is, and is well', async () => {
    const topic = ownName('process')
    const relay = await startRelay({ KAFKA_BROKERS: brokers, KAFKA_TOPIC: topic, KAFKA_PARTITIONS: '3' })
    await relay.untilState('active')
    await relay.record()
    // What it recorded, and the keys of the first start.
    const events = 2 + STAFF.length
    await relay.until(({ published }) => published === events)
    const { body } = await relay.http.get('/api/relay')
    expect(body).toEqual({
      state: 'active',
      reason: null,
      topic,
      partitions: 3,
      position: body.head,
      head: expect.stringMatching(/^\d+$/),
      eventsBehind: 0,
      secondsBehind: 0,
      eventsPerSecond: expect.any(Number),
      published: events,
    })
    const health = await relay.http.get('/api/health/ready', { as: null })
    expect(health.body.parts.relay).toEqual({ status: 'up', state: 'active' })
    await relay.close()
  })
})

interface View {
  readonly state: string
  readonly reason: string | null
  readonly published: number
}

interface RunningRelay {
  readonly http: TestHttp
  record(): Promise<void>
  until(holds: (view: View) => boolean): Promise<void>
  untilState(state: string, reason?: RegExp): Promise<void>
  close(): Promise<void>
}

async function startRelay(environment: Record<string, string>): Promise<RunningRelay> {
  const database = await testDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'coiltrail-tokens-'))
  const tokensFile = join(folder, 'tokens.json')
  const config = readConfig({ ...environment, COILTRAIL_TOKENS_FILE: tokensFile })
  const app = await createApp(RelayModule, { config, databaseUrl: database.url, logger: false })
  await app.listen(0, '127.0.0.1')
  const tokens = JSON.parse(await readFile(tokensFile, 'utf8'))
  await rm(folder, { recursive: true })
  const http = httpClient(await app.getUrl(), (role) => tokens[role])
  const store = app.get<PostgresEventStore>(EVENT_STORE)
  const until: RunningRelay['until'] = async (holds) => {
    const late = performance.now() + 20_000
    for (;;) {
      const { body } = await http.get('/api/relay')
      if (holds(body)) return
      if (performance.now() > late) throw new Error(`waited in vain: ${JSON.stringify(body)}`)
      await setTimeout(50)
    }
  }
  return {
    http,
    until,
    untilState: (state, reason = /^/) => until((view) => view.state === state && reason.test(view.reason ?? '')),
    async record() {
      const events = [{ type: 'CoilMoved', data: { coil: 'AZ-1', from: 'B1', to: 'B2' } }]
      for (const stream of ['coil-AZ-1', 'coil-AZ-2']) await store.append([{ stream, expected: 'any', events }])
    },
    async close() {
      await app.close()
      await database.drop()
    },
  }
}
