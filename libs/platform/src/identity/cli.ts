/** What the command lines for keys and accounts have in common. */
import pg from 'pg'
import { partnerCode, personName } from '#domain/words'
import { type Config, readConfig } from '../config.js'
import { runningDatabaseUrl } from '../postgres/data-folder.js'
import { AccessLog } from './access-log.js'
import { requirePartnerIfNeeded } from './accounts-rules.js'
import { type Rights, ROLES } from './roles.js'

export const WISH = { role: { type: 'string' }, name: { type: 'string' }, partner: { type: 'string' } } as const

interface Typed {
  readonly role?: string | undefined
  readonly name?: string | undefined
  readonly partner?: string | undefined
}

/**
 * What is typed is held to the same as what comes over HTTP: events have no other names and codes.
 * @throws Error in words; Problem 422 `partner-required` or `partner-not-wanted`
 */
export function wishOf(typed: Typed): Rights & { readonly name: string } {
  const role = ROLES.find((known) => known === typed.role)
  if (!role) throw new Error(`--role is one of ${ROLES.join(', ')}`)
  const name = personName.safeParse(typed.name)
  if (!name.success) throw new Error('--name says whose it is, in one line of at most 100 characters')
  const partner = partnerCode.optional().safeParse(typed.partner)
  if (!partner.success) throw new Error(`--partner: ${partner.error.issues[0]!.message}`)
  const rights = { role, ...(partner.data !== undefined && { partner: partner.data }) }
  requirePartnerIfNeeded(rights)
  return { ...rights, name: name.data }
}

/** Of a Coiltrail that runs. */
export async function withAccessLog(work: (log: AccessLog, config: Config) => Promise<void>): Promise<void> {
  const config = readConfig(process.env)
  const connectionString = config.IDENTITY_DATABASE_URL ?? (await runningDatabaseUrl(config))
  const pool = new pg.Pool({ connectionString, max: 1 })
  try {
    await work(new AccessLog(pool), config)
  } finally {
    await pool.end()
  }
}

/** A fault is told in a sentence, and exits with 1. */
export async function runCommand(main: () => Promise<void>): Promise<void> {
  try {
    await main()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    console.error(code === 'ECONNREFUSED' ? 'The database does not answer: start Coiltrail first.' : message)
    process.exitCode = 1
  }
}
