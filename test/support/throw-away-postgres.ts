/** An embedded PostgreSQL in the temporary folder that is gone when it stops. */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#platform/postgres/embedded'
import { leftovers } from './leftovers.js'

const PREFIX = 'coiltrail-test-'

export async function startThrowAwayPostgres(options: { durable?: boolean } = {}): Promise<EmbeddedPostgres> {
  await clearLeftovers()
  const folder = await mkdtemp(join(tmpdir(), PREFIX))
  await chmod(folder, 0o711)
  const server = await startEmbeddedPostgres({ folder, durable: options.durable ?? false })
  return {
    url: server.url,
    pid: () => server.pid(),
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Of runs that were killed: their PostgreSQL still runs, and nobody else will ever stop it. */
async function clearLeftovers(): Promise<void> {
  for (const folder of await leftovers(PREFIX)) {
    try {
      const server = await startEmbeddedPostgres({ folder, durable: false })
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    } catch {
      // Another run is clearing it at this moment, or it is another user's.
    }
  }
}
