/** Everything that a database shows to a partner's own role, whatever has a name in it. */
import type { ClientBase } from 'pg'
import { PARTNER_ROLE } from '#platform/read-model/roles'

export interface Shown {
  /** With its schema. */
  readonly relation: string
  /** Rows as JSON; undefined where the role is refused. */
  readonly rows: readonly string[] | undefined
}

/** Walks the catalogue, so that nothing can be forgotten. Within a transaction of the caller's, which it leaves as it was. */
export async function shownTo(client: ClientBase, partner: string): Promise<Shown[]> {
  const relations = await relationsOf(client)
  return asPartner(client, partner, async () => {
    const shown: Shown[] = []
    for (const relation of relations) {
      shown.push({ relation, rows: await tried(client, `SELECT to_jsonb(t)::text AS row FROM ${relation} t`) })
    }
    return shown
  })
}

/** Tables, views, partitions, and what else has rows, outside of PostgreSQL's own schemas. */
async function relationsOf(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND n.nspname !~ '^(pg_|information_schema)' ORDER BY 1`,
  )
  return rows.map(({ name }) => name)
}

export async function asPartner<Answer>(
  client: ClientBase,
  partner: string,
  work: () => Promise<Answer>,
): Promise<Answer> {
  await client.query('SAVEPOINT as_partner')
  await client.query(`SELECT set_config('coiltrail.partner', $1, true)`, [partner])
  await client.query(`SET LOCAL ROLE ${PARTNER_ROLE}`)
  try {
    return await work()
  } finally {
    await client.query('ROLLBACK TO as_partner')
  }
}

/** Undefined when PostgreSQL refuses it; any other error is one. */
export async function tried(client: ClientBase, statement: string): Promise<string[] | undefined> {
  await client.query('SAVEPOINT tried')
  try {
    const { rows } = await client.query<{ row: string }>(statement)
    return rows.map(({ row }) => row)
  } catch (error) {
    if ((error as { code?: string }).code !== '42501') throw error
    await client.query('ROLLBACK TO tried')
    return undefined
  }
}
