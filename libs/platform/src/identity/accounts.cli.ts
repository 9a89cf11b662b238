/** `npm run accounts`: sees, opens and invites accounts of a Coiltrail that runs, when nobody can do it from inside. */
import { parseArgs } from 'node:util'
import type { Config } from '../config.js'
import { Accounts } from './accounts.js'
import { type Invited, linkOf } from './accounts-rows.js'
import { runCommand, WISH, wishOf, withAccessLog } from './cli.js'
import { ROLES } from './roles.js'
import { Sessions } from './sessions.js'

const USAGE = `npm run accounts -- list
npm run accounts -- invite <name>
npm run accounts -- open --name "<name>" --role <role> [--partner <code>]

Roles: ${ROLES.join(', ')}`

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: WISH,
  })
  const [command, ...words] = positionals
  if (command === 'list') return withAccounts(list)
  if (command === 'invite' && words.length > 0) {
    return withAccounts(async (accounts, config) => show(config, await invite(accounts, words.join(' '))))
  }
  if (command === 'open') {
    const wish = wishOf(values)
    return withAccounts(async (accounts, config) => show(config, await accounts.open(wish)))
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

const withAccounts = (work: (accounts: Accounts, config: Config) => Promise<void>) =>
  withAccessLog((log, config) => work(new Accounts(log, new Sessions(log)), config))

await runCommand(main)
