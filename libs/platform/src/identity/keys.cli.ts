/** `npm run keys`: sees, makes and revokes keys of a Coiltrail that runs. */
import { parseArgs } from 'node:util'
import { ApiKeys } from './api-keys.js'
import { runCommand, WISH, wishOf, withAccessLog } from './cli.js'
import { ROLES } from './roles.js'

const USAGE = `npm run keys -- list
npm run keys -- new --role <role> [--partner <code>] [--name "<who or what uses it>"]
npm run keys -- revoke <id>

Roles: ${ROLES.join(', ')}`

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: WISH,
  })
  const [command, id] = positionals
  if (command === 'list') return withKeys(list)
  if (command === 'revoke' && id) return withKeys((keys) => revoke(keys, id))
  if (command === 'new') {
    const wish = wishOf({ ...values, name: values.name ?? values.role })
    return withKeys(async (keys) => {
      const { token } = await keys.make(wish)
      console.log(`${token}\n\nThis is the only time that it is shown.`)
    })
  }
  console.log(USAGE)
  process.exitCode = command ? 1 : 0
}

async function list(keys: ApiKeys): Promise<void> {
  const rows = await keys.list()
  console.table(
    rows.map(({ id, role, partner, name, createdAt, lastUsedAt, expiresAt, revokedAt }) => ({
      id,
      role,
      partner: partner ?? '',
      name,
      created: createdAt.toISOString(),
      'last used': lastUsedAt?.toISOString() ?? '',
      expires: expiresAt?.toISOString() ?? '',
      revoked: revokedAt?.toISOString() ?? '',
    })),
  )
}

async function revoke(keys: ApiKeys, id: string): Promise<void> {
  if (!(await keys.revoke(id, 'at the command line')))
    throw new Error(`There is no key ${id} that is good now: "list" shows them.`)
  console.log(`Key ${id} is revoked; it stops working within seconds.`)
}

const withKeys = (work: (keys: ApiKeys) => Promise<void>) => withAccessLog((log) => work(new ApiKeys(log)))

await runCommand(main)
