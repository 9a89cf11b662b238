/** An embedded PostgreSQL in the temporary folder that is gone when it stops. */
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#platform/postgres/embedded'
import { livingOwner } from '#platform/postgres/processes'

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
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue
    const folder = join(tmpdir(), name)
    const entries: string[] = await readdir(folder).catch(() => [])
    if (!entries.includes('owner') || (await livingOwner(join(folder, 'owner'))) !== undefined) continue
    try {
      const server = await startEmbeddedPostgres({ folder, durable: false })
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    } catch {
      // Another run is clearing it at this moment, or it is another user's.
    }
  }
}
