/** The whole product in a process of its own, on a database of the benchmark's server. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Role } from '#platform/identity/roles'
import { startCoiltrail } from '../support/process.js'
import type { Bench } from './bench.js'
import { Connection, type Request } from './http-load.js'
import { type Load, type Rate, rateOf } from './rate.js'

/** At an address, whatever processes there are behind it. */
export interface Client {
  /** So many callers, each on a connection of its own, asking whatever `next` says. */
  load(role: Role, next: () => Request, load: Load): Promise<Rate>
  /** The same with anything that is done on a connection. */
  work(role: Role, work: (connection: Connection) => Promise<unknown>, load: Load): Promise<Rate>
  ask<Answer>(role: Role, request: Request): Promise<Answer>
}

export interface Product extends Client {
  readonly url: string
  token(role: Role): string
  stop(): Promise<void>
}

export async function startProduct(bench: Bench, databaseUrl: string): Promise<Product> {
  const folder = await folderOf(bench)
  const environment = { DATABASE_URL: databaseUrl, ...environmentOf(bench) }
  const product = await bench.open(
    () => startCoiltrail(join(folder, 'data'), environment),
    (started) => started.end('SIGTERM'),
  )
  const { url, token } = product
  return {
    url,
    token,
    ...clientOf(url, token),
    async stop() {
      await product.end('SIGTERM')
    },
  }
}

/** Gone with the benchmark. */
export function folderOf(bench: Bench): Promise<string> {
  return bench.open(
    () => mkdtemp(join(tmpdir(), 'coiltrail-bench-')),
    (made) => rm(made, { recursive: true, force: true }),
  )
}

/** What every process of the product is told: also that one key and one address may ask as much as they can. */
export function environmentOf({ profiling }: Bench): Record<string, string> {
  const limits = { REQUESTS_PER_KEY: '10000000', REQUESTS_PER_ADDRESS: '10000000' }
  return { LOG_LEVEL: 'warn', ...limits, ...(profiling.length > 0 && { NODE_OPTIONS: profiling.join(' ') }) }
}

export function clientOf(url: string, token: (role: Role) => string): Client {
  const client: Client = {
    load: (role, next, load) => client.work(role, (connection) => connection.ask(next()), load),
    async work(role, work, load) {
      const opening = Array.from({ length: load.inFlight }, () => Connection.open(url, token(role)))
      const connections = await Promise.all(opening)
      const free = [...connections]
      try {
        return await rateOf(async () => {
          const connection = free.pop()!
          await work(connection)
          free.push(connection)
        }, load)
      } finally {
        for (const connection of connections) connection.close()
      }
    },
    async ask(role, request) {
      const connection = await Connection.open(url, token(role))
      try {
        return JSON.parse(await connection.ask(request))
      } finally {
        connection.close()
      }
    },
  }
  return client
}
