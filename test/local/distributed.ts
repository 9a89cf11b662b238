/**
 * The distributed profile on one machine: every app in processes of its own, with a database of its own, events by way
 * of Kafka, one address before them all. For local work and for tests.
 */
import { readFileSync } from 'node:fs'
import pg from 'pg'
import type { Role } from '#platform/identity/roles'
import { httpClient, type TestHttp } from '../support/http.js'
import { somePort } from './kafka/ports.js'
import { startProxy } from './proxy.js'
import { APPS, type App } from './routes.js'
import { Service } from './service.js'

export interface DistributedSettings {
  /** PostgreSQL with the access tokens, and the events unless KurrentDB has them; each app's own database is made beside it. */
  readonly databaseUrl: string
  readonly kurrentdbUrl?: string
  readonly brokers: string
  readonly topic?: string
  /** How many of each app; one where nothing is said. */
  readonly replicas?: Partial<Record<App, number>>
  /** Of the one address; any free one when left out. */
  readonly port?: number
  /** The first start writes access tokens here; without it they are shown. */
  readonly tokensFile?: string
  /** For all apps, or some of them. */
  readonly environment?: (app: App, number: number) => Record<string, string>
  print?(line: string): void
  /** Once it is aborted nothing more is started, and what runs is stopped. */
  readonly until?: AbortSignal
}

export interface Distributed {
  readonly url: string
  readonly http: TestHttp
  token(role: Role): string
  readonly services: readonly Service[]
  of(app: App): readonly Service[]
  /** By its name, e.g. `coiltrail_inventory` beside `coiltrail`. */
  databaseOf(app: App): string
  stop(): Promise<void>
}

/** @throws Error if one of the apps does not start, or `until` ends it before all do; nothing runs then. */
export async function startDistributed(settings: DistributedSettings): Promise<Distributed> {
  const { databaseUrl, replicas = {}, port = 0, tokensFile, print = () => {}, until } = settings
  await makeDatabases(databaseUrl)
  const services: Service[] = []
  for (const app of APPS) {
    for (let number = 1; number <= (replicas[app] ?? 1); number++) {
      const taken = services.map(({ on }) => on.port)
      const environment = environmentOf(app, number, settings)
      services.push(new Service({ app, number, port: await somePort(...taken), environment, print }))
    }
  }
  const of = (app: App) => services.filter(({ on }) => on.app === app)
  until?.throwIfAborted()
  const proxy = await startProxy(port, (app) => {
    const up = of(app).filter((service) => service.up)
    return (up.length > 0 ? up : of(app)).map(({ url }) => url)
  })
  let stopped: Promise<unknown> | undefined
  const stop = async () => {
    // All at once: Ctrl-C in a terminal reaches the apps as well, and one that ends by it must not be started again.
    stopped ??= Promise.all([proxy.close(), ...services.map((service) => service.stop())])
    await stopped
  }
  until?.addEventListener('abort', stop, { once: true })
  try {
    until?.throwIfAborted()
    // The first one makes the tables that all share, and the access tokens.
    await services[0]!.start()
    await Promise.all(services.slice(1).map((service) => service.start()))
  } catch (error) {
    await stop()
    throw error
  }
  const token = tokensOf(tokensFile)
  const databaseOf = (app: App) => beside(databaseUrl, app)
  return { url: proxy.url, http: httpClient(proxy.url, token), token, services, of, databaseOf, stop }
}

/** Read when one is asked for: only a first start writes the file. */
function tokensOf(file?: string): (role: Role) => string {
  let tokens: Record<Role, string> | undefined
  return (role) => {
    if (!file) return ''
    tokens ??= JSON.parse(readFileSync(file, 'utf8')) as Record<Role, string>
    return tokens[role]
  }
}

/** What each app is told, and all that the profile is: the same programs, other settings. */
export function environmentOf(app: App, number: number, settings: DistributedSettings): Record<string, string> {
  const { databaseUrl, kurrentdbUrl, brokers, topic, tokensFile, environment } = settings
  return {
    DATABASE_URL: beside(databaseUrl, app),
    IDENTITY_DATABASE_URL: databaseUrl,
    ...(kurrentdbUrl ? { KURRENTDB_URL: kurrentdbUrl } : { EVENT_STORE_DATABASE_URL: databaseUrl }),
    // The write side follows the event store, which it writes to, and needs no broker.
    ...(app !== 'operations' && { KAFKA_BROKERS: brokers }),
    ...(topic && { KAFKA_TOPIC: topic }),
    ...(tokensFile && { COILTRAIL_TOKENS_FILE: tokensFile }),
    ...environment?.(app, number),
  }
}

export async function dropDatabases(databaseUrl: string): Promise<void> {
  await onServer(databaseUrl, async (client) => {
    for (const app of APPS) {
      const name = client.escapeIdentifier(nameOf(beside(databaseUrl, app)))
      await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    }
  })
}

async function makeDatabases(databaseUrl: string): Promise<void> {
  await onServer(databaseUrl, async (client) => {
    for (const app of APPS) {
      const name = nameOf(beside(databaseUrl, app))
      const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name])
      if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`)
    }
  })
}

function beside(databaseUrl: string, app: App): string {
  const url = new URL(databaseUrl)
  url.pathname += `_${app}`
  return url.href
}

const nameOf = (databaseUrl: string) => decodeURIComponent(new URL(databaseUrl).pathname.slice(1))

async function onServer(connectionString: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
