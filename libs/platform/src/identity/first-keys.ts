import { chmod, stat, writeFile } from 'node:fs/promises'
import { Logger } from '@nestjs/common'
import type { MadeKey } from './api-keys.js'

/** Writes new keys, by role, into a file that only its owner reads. Their log line does not show them. */
export async function handOut(keys: readonly MadeKey[], file: string): Promise<void> {
  const byRole = Object.fromEntries(keys.map(({ role, token }) => [role, token]))
  await writeFile(file, `${JSON.stringify(byRole, null, 2)}\n`, { mode: 0o600 }).catch((cause: Error) => {
    throw new Error(`The keys cannot be written to COILTRAIL_TOKENS_FILE: ${cause.message}`, { cause })
  })
  // An existing file keeps its mode when it is written over. A device such as /dev/null is left as it is.
  if ((await stat(file)).isFile()) await chmod(file, 0o600)
  new Logger('Identity').log(`First start: keys, one for each role, are in ${file}`)
}
