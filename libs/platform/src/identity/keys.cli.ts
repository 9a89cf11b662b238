/** `npm run keys`: sees, makes and revokes keys of a Coiltrail that runs. */
import { parseArgs } from 'node:util'
import pg from 'pg'
import { readConfig } from '../config.js'
import { runningDatabaseUrl } from '../postgres/data-folder.js'
import { AccessLog } from './access-log.js'
import { ApiKeys } from './api-keys.js'
import { ROLES } from './roles.js'

const USAGE = `npm run keys -- list
npm run keys -- new --role <role> [--partner <code>] [--name "<who or what uses it>"]
npm run keys -- revoke <id>

Roles: ${ROLES.join(', ')}`

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { role: { type: 'string' }, name: { type: 'string' }, partner: { type: 'string' } },
  })
  const [command, id] = positionals
  if (command === 'list') return withKeys(list)
  if (command === 'revoke' && id) return withKeys((keys) => revoke(keys, id))
  if (command === 'new') {
    const role = ROLES.find((known) => known === values.role)
    if (!role) throw new Error(`--role is one of ${ROLES.join(', ')}`)
    const name = values.name?.trim() || role
    const { partner } = values
    if ((role === 'partner') !== (partner !== undefined)) {
      throw new Error('--partner is given for the role partner, and for no other: whose metal alone the key sees')
    }
    return withKeys(async (keys) => {
      const { token } = await keys.make({ role, name, ...(partner && { partner }) })
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

async function withKeys(work: (keys: ApiKeys) => Promise<void>): Promise<void> {
  const config = readConfig(process.env)
  const pool = new pg.Pool({
    connectionString: config.IDENTITY_DATABASE_URL ?? (await runningDatabaseUrl(config)),
    max: 1,
  })
  try {
    await work(new ApiKeys(new AccessLog(pool)))
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
