/** The whole product in a process of its own, on a database of the benchmark's server. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Role } from '#platform/identity/roles'
import { startCoiltrail } from '../support/process.js'
import type { Bench } from './bench.js'
import { Connection, type Request } from './http-load.js'
import { type Load, type Rate, rateOf } from './rate.js'

export interface Product {
  readonly url: string
  token(role: Role): string
  /** So many callers, each on a connection of its own, asking whatever `next` says. */
  load(role: Role, next: () => Request, load: Load): Promise<Rate>
  ask<Answer>(role: Role, request: Request): Promise<Answer>
  stop(): Promise<void>
}

export async function startProduct(bench: Bench, databaseUrl: string): Promise<Product> {
  const folder = await bench.open(
    () => mkdtemp(join(tmpdir(), 'coiltrail-bench-')),
    (made) => rm(made, { recursive: true, force: true }),
  )
  const environment = {
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: 'warn',
    ...(bench.profiling.length > 0 && { NODE_OPTIONS: bench.profiling.join(' ') }),
  }
  const product = await bench.open(
    () => startCoiltrail(join(folder, 'data'), environment),
    (started) => started.end('SIGTERM'),
  )
  return {
    url: product.url,
    token: product.token,
    async stop() {
      await product.end('SIGTERM')
    },
    async load(role, next, load) {
      const token = product.token(role)
      const connections = await Promise.all(
        Array.from({ length: load.inFlight }, () => Connection.open(product.url, token)),
      )
      const free = [...connections]
      try {
        return await rateOf(async () => {
          const connection = free.pop()!
          await connection.ask(next())
          free.push(connection)
        }, load)
      } finally {
        for (const connection of connections) connection.close()
      }
    },
    async ask(role, request) {
      const connection = await Connection.open(product.url, product.token(role))
      try {
        return JSON.parse(await connection.ask(request))
      } finally {
        connection.close()
      }
    },
  }
}
