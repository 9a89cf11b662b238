import { chmod, stat, writeFile } from 'node:fs/promises'
import { Logger } from '@nestjs/common'
import type { MadeToken } from './access-tokens.js'

/** Shows new tokens once, or writes them for a program. Straight to stdout: a log is kept and sent around. */
export async function handOut(tokens: readonly MadeToken[], file?: string): Promise<void> {
  if (file) {
    const byRole = Object.fromEntries(tokens.map(({ role, token }) => [role, token]))
    await writeFile(file, `${JSON.stringify(byRole, null, 2)}\n`, { mode: 0o600 }).catch((cause: Error) => {
      throw new Error(`The access tokens cannot be written to COILTRAIL_TOKENS_FILE: ${cause.message}`, { cause })
    })
    // An existing file keeps its mode when it is written over. A device such as /dev/null is left as it is.
    if ((await stat(file)).isFile()) await chmod(file, 0o600)
    new Logger('Identity').log(`First start: access tokens, one for each role, are in ${file}`)
    return
  }
  const width = Math.max(...tokens.map(({ role }) => role.length))
  const lines = tokens.map(({ role, token }) => `  ${role.padEnd(width)}  ${token}`)
  process.stdout.write(
    [
      '',
      'Access tokens, one for each role. They are shown this once and cannot be shown again: keep them safe.',
      '',
      ...lines,
      '',
      'Lost one? "npm run tokens -- new --role operator" makes another, "npm run tokens -- list" and "-- revoke <id>" manage them.',
      '',
      '',
    ].join('\n'),
  )
}
