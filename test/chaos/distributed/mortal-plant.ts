/**
 * The distributed profile in real processes, on servers of its own that can be killed and come back where they were;
 * every connection of every app goes by a line of its own that can fail.
 */
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'
import pg from 'pg'
import type { Role } from '#platform/identity/roles'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#platform/postgres/embedded'
import { type Distributed, environmentOf, startDistributed } from '../../local/distributed.js'
import { type LocalKafka, startKafka } from '../../local/kafka/kafka.js'
import { somePort } from '../../local/kafka/ports.js'
import { APPS, type App } from '../../local/routes.js'
import type { Service } from '../../local/service.js'
import { type NetworkLine, networkLine } from '../../support/network-line.js'
import { killNow, processesOf } from '../kill-postgres.js'
import { MortalKurrentDB } from './mortal-kurrentdb.js'

export const TOPIC = 'coiltrail.events'
export const PARTITIONS = 6
const REPLICAS: Readonly<Record<App, number>> = { operations: 2, relay: 2, inventory: 2, throughput: 2 }
const AWAY_AT_MOST_MS = 60_000

/** What an app reaches by each of its lines. */
export type Part = 'database' | 'events' | 'kafka'
type Lines = Readonly<Record<Part, NetworkLine>>

export type EventStoreKind = 'PostgreSQL' | 'KurrentDB'

export class MortalPlant {
  private readonly undo: (() => unknown)[] = []
  private readonly lines = new Map<string, Lines>()
  private readonly pools = new Map<App | 'shared', pg.Pool>()
  private postgres!: EmbeddedPostgres
  kurrentdb: MortalKurrentDB | undefined
  kafka!: LocalKafka
  apps!: Distributed

  /** Kafka as an administrator sees it, past every line. */
  broker!: Kafka

  static async start(store: EventStoreKind): Promise<MortalPlant> {
    const plant = new MortalPlant()
    try {
      await plant.begin(store)
      return plant
    } catch (error) {
      await plant.end()
      throw error
    }
  }

  token = (role: Role) => this.apps.token(role)

  of(app: App): readonly Service[] {
    return this.apps.of(app)
  }

  line({ name }: Service, part: Part): NetworkLine {
    return this.lines.get(name)![part]
  }

  /** PostgreSQL, past every line: an app's own database, or the one that all share. */
  database(app: App | 'shared'): pg.Pool {
    const found = this.pools.get(app)
    if (found) return found
    const url = app === 'shared' ? this.postgres.url : this.apps.databaseOf(app)
    const pool = new pg.Pool({ connectionString: url, max: 2, connectionTimeoutMillis: 5_000 })
    pool.on('error', () => {})
    this.pools.set(app, pool)
    this.undo.push(() => pool.end())
    return pool
  }

  /** SIGKILL to every process of it; resolves when it answers again. */
  async killPostgres(): Promise<void> {
    const postmaster = this.postgres.pid()!
    for (const pid of await processesOf(postmaster)) killNow(pid)
    for (const end = Date.now() + AWAY_AT_MOST_MS; ; await sleep(50)) {
      const back = this.postgres.pid() !== postmaster && (await answers(this.database('shared')))
      if (back) return
      if (Date.now() > end) throw new Error('PostgreSQL did not come back after it was killed')
    }
  }

  /** All that its processes have said. */
  output(): string {
    return this.apps?.services.map((service) => `--- ${service.name}\n${service.output()}`).join('\n') ?? ''
  }

  async end(): Promise<void> {
    process.off('exit', this.leaveNothingBehind)
    for (const step of this.undo.splice(0).reverse()) await step()
  }

  /** PostgreSQL and Kafka see to that themselves. */
  private readonly leaveNothingBehind = () => {
    for (const service of this.apps?.services ?? []) service.kill()
    void this.kurrentdb?.end('SIGKILL')
  }

  private async begin(store: EventStoreKind): Promise<void> {
    process.once('exit', this.leaveNothingBehind)
    const folder = await mkdtemp(join(tmpdir(), 'coiltrail-distributed-'))
    this.undo.push(() => rm(folder, { recursive: true, force: true }))
    // PostgreSQL may run as another user than we do.
    await chmod(folder, 0o711)
    const postgres = join(folder, 'postgres')
    await mkdir(postgres, { mode: 0o711 })
    this.postgres = await startEmbeddedPostgres({ folder: postgres, durable: true })
    this.undo.push(() => this.postgres.stop())
    if (store === 'KurrentDB') {
      const server = await MortalKurrentDB.start(folder)
      this.kurrentdb = server
      this.undo.push(() => server.end('SIGKILL'))
    }
    await this.layLines(folder)
    this.broker = new Kafka({
      clientId: 'chaos',
      brokers: [this.kafka.brokers],
      logLevel: logLevel.NOTHING,
      connectionTimeout: 2_000,
    })
    const settings = { databaseUrl: this.postgres.url, kurrentdbUrl: this.kurrentdb?.url, brokers: this.kafka.brokers }
    this.apps = await startDistributed({
      ...settings,
      topic: TOPIC,
      replicas: REPLICAS,
      tokensFile: join(folder, 'tokens.json'),
      environment: (app, number) => this.byLines(app, number, join(folder, 'tokens.json')),
    })
    this.undo.push(() => this.apps.stop())
  }

  /** Kafka tells its clients where to go on: each line has a listener that tells the line's own address. */
  private async layLines(folder: string): Promise<void> {
    const listeners: { listens: number; advertised: number }[] = []
    const ports: number[] = []
    const port = await somePort()
    for (const app of APPS) {
      for (let number = 1; number <= REPLICAS[app]; number++) {
        const listens = await somePort(port, ...ports)
        ports.push(listens)
        const lines = {
          database: await networkLine(this.postgres.url),
          events: await networkLine(this.kurrentdb?.url ?? this.postgres.url),
          kafka: await networkLine(`kafka://127.0.0.1:${listens}`),
        }
        listeners.push({ listens, advertised: lines.kafka.port })
        this.lines.set(`${app}-${number}`, lines)
        this.undo.push(() => Object.values(lines).forEach((line) => void line.close()))
      }
    }
    this.kafka = await startKafka({ folder: join(folder, 'kafka'), port, lines: listeners })
    this.undo.push(() => this.kafka.stop())
  }

  private byLines(app: App, number: number, tokensFile: string): Record<string, string> {
    const { database, events, kafka } = this.lines.get(`${app}-${number}`)!
    const brokers = `127.0.0.1:${kafka.port}`
    const kurrentdbUrl = this.kurrentdb && events.url
    return {
      ...environmentOf(app, number, { databaseUrl: database.url, kurrentdbUrl, brokers, topic: TOPIC, tokensFile }),
      ...(!this.kurrentdb && { EVENT_STORE_DATABASE_URL: events.url }),
      KAFKA_PARTITIONS: String(PARTITIONS),
    }
  }
}

const answers = (pool: pg.Pool) =>
  pool.query('SELECT 1').then(
    () => true,
    () => false,
  )
