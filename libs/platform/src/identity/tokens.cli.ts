/** `npm run tokens`: sees, makes and revokes access tokens of a Coiltrail that runs. */
import { parseArgs } from 'node:util'
import pg from 'pg'
import { readConfig } from '../config.js'
import { runningDatabaseUrl } from '../postgres/data-folder.js'
import { AccessTokens } from './access-tokens.js'
import { ROLES } from './roles.js'

const USAGE = `npm run tokens -- list
npm run tokens -- new --role <role> [--name "<who or what uses it>"]
npm run tokens -- revoke <id>

Roles: ${ROLES.join(', ')}`

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { role: { type: 'string' }, name: { type: 'string' } },
  })
  const [command, id] = positionals
  if (command === 'list') return withTokens(list)
  if (command === 'revoke' && id) return withTokens((tokens) => revoke(tokens, id))
  if (command === 'new') {
    const role = ROLES.find((known) => known === values.role)
    if (!role) throw new Error(`--role is one of ${ROLES.join(', ')}`)
    const name = values.name?.trim() || role
    return withTokens(async (tokens) => {
      const { token } = await tokens.make(role, name)
      console.log(`${token}\n\nThis is the only time that it is shown.`)
    })
  }
  console.log(USAGE)
  process.exitCode = command ? 1 : 0
}

async function list(tokens: AccessTokens): Promise<void> {
  const rows = await tokens.list()
  console.table(
    rows.map(({ id, role, name, createdAt, revokedAt }) => ({
      id,
      role,
      name,
      created: createdAt.toISOString(),
      revoked: revokedAt?.toISOString() ?? '',
    })),
  )
}

async function revoke(tokens: AccessTokens, id: string): Promise<void> {
  if (!(await tokens.revoke(id))) throw new Error(`There is no token ${id} that is good now: "list" shows them.`)
  console.log(`Token ${id} is revoked; it stops working within seconds.`)
}

async function withTokens(work: (tokens: AccessTokens) => Promise<void>): Promise<void> {
  const config = readConfig(process.env)
  const pool = new pg.Pool({
    connectionString: config.IDENTITY_DATABASE_URL ?? (await runningDatabaseUrl(config)),
    max: 1,
  })
  try {
    await work(new AccessTokens(pool))
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
