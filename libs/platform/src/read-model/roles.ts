/**
 * The two database roles that read models are asked by. Neither logs in and neither owns a table, so that row-level
 * security holds for both: an owner would pass it by.
 */
import type { ClientBase } from 'pg'

export const STAFF_ROLE = 'coiltrail_staff'
export const PARTNER_ROLE = 'coiltrail_partner'
const ROLES = [STAFF_ROLE, PARTNER_ROLE]

/** As SQL: the code of the partner who asks; null for everybody else, whom no row is shown by it. */
export const ASKING_PARTNER = `nullif(current_setting('coiltrail.partner', true), '')`

/** The schema of views by which partners see a read model; of its own schema they have nothing. */
export const partnersSchema = (readModel: string) => `${readModel}_partners`

const TRIES = 5

/**
 * Makes both roles where they are missing, and lets this user act as them. Roles belong to the whole server: other
 * databases may be doing the same at this moment.
 * @throws Error in a sentence, with the statements for the administrator, when this user may not
 */
export async function ensureReaderRoles(client: ClientBase): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      for (const role of ROLES) await ensure(client, role)
      return
    } catch (error) {
      const { code, message } = error as { code?: string; message: string }
      if (code === NOT_ALLOWED) throw new Error(whatToDo(await nameOf(client), message), { cause: error })
      if (attempt === TRIES || !MADE_MEANWHILE.has(code ?? '')) throw error
    }
  }
}

async function ensure(client: ClientBase, role: string): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role])
  if (rowCount === 0) await client.query(`CREATE ROLE ${role} NOLOGIN`)
  if (await mayAct(client, role)) return
  await client.query(`GRANT ${role} TO CURRENT_USER`)
}

/** Tried, not asked: before version 16 PostgreSQL could not say it. */
async function mayAct(client: ClientBase, role: string): Promise<boolean> {
  try {
    await client.query(`BEGIN; SET LOCAL ROLE ${role}`)
    return true
  } catch (error) {
    if ((error as { code?: string }).code !== NOT_ALLOWED) throw error
    return false
  } finally {
    await client.query('ROLLBACK')
  }
}

const NOT_ALLOWED = '42501'
/** The role exists, the row exists, or another changed the row at the same moment. */
const MADE_MEANWHILE: ReadonlySet<string> = new Set(['42710', '23505', 'XX000'])

async function nameOf(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ name: string }>('SELECT quote_ident(current_user) AS name')
  return rows[0]!.name
}

const whatToDo = (user: string, why: string) =>
  `Read models are asked by two roles of PostgreSQL, and ${user} may not make them (${why}). As an administrator of the ` +
  `database run, leaving out what is there already: ` +
  `CREATE ROLE ${STAFF_ROLE} NOLOGIN; CREATE ROLE ${PARTNER_ROLE} NOLOGIN; GRANT ${ROLES.join(', ')} TO ${user};`
