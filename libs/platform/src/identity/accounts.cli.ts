/** `npm run accounts`: sees, opens and invites accounts of a Coiltrail that runs, when nobody can do it from inside. */
import { parseArgs } from 'node:util'
import pg from 'pg'
import { personName } from '#domain/words'
import { type Config, readConfig } from '../config.js'
import { runningDatabaseUrl } from '../postgres/data-folder.js'
import { AccessLog } from './access-log.js'
import { Accounts } from './accounts.js'
import { type Invited, linkOf } from './accounts-rows.js'
import { ROLES } from './roles.js'
import { Sessions } from './sessions.js'

const USAGE = `npm run accounts -- list
npm run accounts -- invite <name>
npm run accounts -- open --name "<name>" --role <role> [--partner <code>]

Roles: ${ROLES.join(', ')}`

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { role: { type: 'string' }, name: { type: 'string' }, partner: { type: 'string' } },
  })
  const [command, ...words] = positionals
  const config = readConfig(process.env)
  if (command === 'list') return withAccounts(config, list)
  if (command === 'invite' && words.length > 0) {
    return withAccounts(config, async (accounts) => show(config, await invite(accounts, words.join(' '))))
  }
  if (command === 'open') {
    const role = ROLES.find((known) => known === values.role)
    if (!role) throw new Error(`--role is one of ${ROLES.join(', ')}`)
    const { success, data: name } = personName.safeParse(values.name)
    if (!success) throw new Error('--name says whose account it is, in at most 100 characters')
    const { partner } = values
    return withAccounts(config, async (accounts) =>
      show(config, await accounts.open({ name, role, ...(partner && { partner }) })),
    )
  }
  console.log(USAGE)
  process.exitCode = command ? 1 : 0
}

async function list(accounts: Accounts): Promise<void> {
  const rows = await accounts.list()
  console.table(
    rows.map(({ id, name, role, partner, by, invitedUntil, lastSeenAt, closedAt }) => ({
      id,
      name,
      role,
      partner: partner ?? '',
      'signs in by': by ?? '',
      'invited until': invitedUntil?.toISOString() ?? '',
      'last seen': lastSeenAt?.toISOString() ?? '',
      closed: closedAt?.toISOString() ?? '',
    })),
  )
}

async function invite(accounts: Accounts, name: string): Promise<Invited> {
  const found = (await accounts.list()).find((account) => account.name.toLowerCase() === name.toLowerCase())
  if (!found) throw new Error(`There is no account named ${name}: "list" shows them, "open" opens one.`)
  return accounts.invite(found.id)
}

function show({ PUBLIC_URL, PORT }: Config, { name, invitation, until }: Invited): void {
  const link = linkOf(PUBLIC_URL ?? `http://localhost:${PORT}`, invitation)
  console.log(`For ${name} to choose a password by, until ${until.toISOString()}, once:\n  ${link}`)
}

async function withAccounts(config: Config, work: (accounts: Accounts) => Promise<void>): Promise<void> {
  const pool = new pg.Pool({
    connectionString: config.IDENTITY_DATABASE_URL ?? (await runningDatabaseUrl(config)),
    max: 1,
  })
  try {
    const log = new AccessLog(pool)
    await work(new Accounts(log, new Sessions(log)))
  } finally {
    await pool.end()
  }
}

try {
  await main()
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException
  console.error(code === 'ECONNREFUSED' ? 'The database does not answer: start Coiltrail first.' : message)
  process.exitCode = 1
}
