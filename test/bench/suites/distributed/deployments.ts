/** The same plant in both profiles at once: one process, and every app in processes of its own behind a proxy. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RelayView } from '#apps/relay/src/relay-view'
import type { ProjectionView } from '#projection/projection-view'
import { type Distributed, startDistributed } from '../../../local/distributed.js'
import { startProxy } from '../../../local/proxy.js'
import type { App } from '../../../local/routes.js'
import type { Service } from '../../../local/service.js'
import type { TestDatabase } from '../../../support/postgres.js'
import type { Bench } from '../../bench.js'
import type { Broker } from '../../broker.js'
import { receiptOf } from '../../history/coils-in-yard.js'
import { type Client, clientOf, environmentOf, folderOf, type Product, startProduct } from '../../product.js'

export const INVENTORIES = 3
const READ_MODELS = ['inventory', 'throughput'] as const
const PATIENCE_MS = 180_000
const COILS_OF_A_RECEIPT = 100

export interface Deployment {
  readonly distributed: Distributed
  /** By way of the proxy: one inventory, the one that applies events; and all of them in turn. */
  readonly one: Client
  readonly all: Client
}

export interface Deployments {
  readonly standalone: Product
  readonly byKafka: Deployment
  /** Where KURRENTDB_URL says that there is one. */
  readonly onKurrentDb: Deployment | undefined
  stop(): Promise<void>
}

export async function startDeployments(
  bench: Bench,
  broker: Broker,
  distributed: TestDatabase,
  standalone: TestDatabase,
): Promise<Deployments> {
  const product = await startProduct(bench, standalone.url)
  const byKafka = await deploy(bench, broker, distributed)
  const kurrentdbUrl = process.env.KURRENTDB_URL
  const onKurrentDb = kurrentdbUrl ? await deploy(bench, broker, await bench.database(), kurrentdbUrl) : undefined
  return {
    standalone: product,
    byKafka,
    onKurrentDb,
    async stop() {
      await Promise.all([product.stop(), byKafka.distributed.stop(), onKurrentDb?.distributed.stop()])
    },
  }
}

async function deploy(bench: Bench, broker: Broker, database: TestDatabase, kurrentdbUrl?: string) {
  const folder = await folderOf(bench)
  const distributed = await bench.open(
    () =>
      startDistributed({
        ...{ databaseUrl: database.url, kurrentdbUrl, brokers: broker.brokers, topic: broker.topic() },
        replicas: { inventory: INVENTORIES },
        tokensFile: join(folder, 'tokens.json'),
        environment: () => environmentOf(bench),
      }),
    (started) => started.stop(),
  )
  await settled(distributed)
  const active = await activeOf(distributed, 'inventory')
  const { url } = await bench.open(
    () => startProxy(0, (app) => [(app === 'inventory' ? active : distributed.of(app)[0]!).url]),
    (proxy) => proxy.close(),
  )
  return { distributed, one: clientOf(url, distributed.token), all: clientOf(distributed.url, distributed.token) }
}

/** The replica that applies events. */
export async function activeOf(distributed: Distributed, app: App): Promise<Service> {
  return until(`a replica of ${app} applies events`, async () => {
    for (const service of distributed.of(app)) {
      const view = await viewOf<ProjectionView>(distributed, service, `/api/projections/${app}`)
      if (view?.state === 'running') return service
    }
    return undefined
  })
}

/** Every replica answers, and topic and read models have all events. */
export async function settled(distributed: Distributed): Promise<void> {
  await until('the read models are up to date', async () => {
    const relay = await viewOf<RelayView>(distributed, distributed.of('relay')[0]!, '/api/relay')
    if (relay?.eventsBehind !== 0) return undefined
    for (const app of READ_MODELS) {
      for (const service of distributed.of(app)) {
        const view = await viewOf<ProjectionView>(distributed, service, `/api/projections/${app}`)
        if (view?.lag.eventsBehind !== 0) return undefined
      }
    }
    return true
  })
}

/** Undefined while it does not answer. */
async function viewOf<View>(distributed: Distributed, { url }: Service, path: string): Promise<View | undefined> {
  const client = clientOf(url, distributed.token)
  return client.ask<View>('administrator', { method: 'GET', path }).catch(() => undefined)
}

/** Coils with nothing but their receipt behind them, for commands to work on. Answers their numbers. */
export async function receiveCoils(client: Client, count: number): Promise<string[]> {
  const run = randomUUID().slice(0, 6).toUpperCase()
  const numbers = Array.from({ length: count }, (_, i) => `S${run}-${i}`)
  for (let n = 0; n < count; n += COILS_OF_A_RECEIPT) {
    const [first, ...others] = numbers.slice(n, n + COILS_OF_A_RECEIPT).map(receiptOf)
    const body = JSON.stringify({ ...first, coils: [first!, ...others].flatMap(({ coils }) => coils) })
    const headers = { 'idempotency-key': randomUUID() }
    await client.ask('operator', { method: 'POST', path: '/api/receipts', headers, body })
  }
  return numbers
}

async function until<Found>(what: string, look: () => Promise<Found | undefined>): Promise<Found> {
  for (const end = performance.now() + PATIENCE_MS; ; ) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > end) throw new Error(`waited in vain until ${what}`)
    await sleep(50)
  }
}
