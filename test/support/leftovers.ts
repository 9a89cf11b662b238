/** Folders that runs which were killed have left in the temporary folder: each names the process that used it. */
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { livingOwner } from '#platform/postgres/processes'

/** Those whose names begin so, and whose process is gone. */
export async function leftovers(prefix: string): Promise<string[]> {
  const found: string[] = []
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix)) continue
    const folder = join(tmpdir(), name)
    const entries: string[] = await readdir(folder).catch(() => [])
    if (entries.includes('owner') && (await livingOwner(join(folder, 'owner'))) === undefined) found.push(folder)
  }
  return found
}
