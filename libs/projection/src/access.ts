/**
 * Who sees what of a build: row-level security on its tables, the views that live names are, and the rights on both.
 * Staff see every row, by a policy of their own that the planner folds away. Partners see nothing but the views of a
 * schema of their own, which show the rows that policies let through, and of these the columns that are theirs.
 * The owner, who writes, is not held by policies.
 */
import { createHash } from 'node:crypto'
import type { ClientBase } from 'pg'
import { PARTNER_ROLE, partnersSchema, STAFF_ROLE } from '#platform/read-model/roles'
import { quoted } from './columns.js'
import type { PartnersSee, Projection, TableNames, TableSpec } from './projection.js'
import { buildName, liveName } from './tables.js'

/** As much of a `Build` as rights depend on. */
interface Named {
  readonly build: number
  readonly version: number
}

/** Rights on the schemas themselves. Partners may not even name a table: only views of theirs lead to it. */
export const schemasFor = (projection: Projection): string => `
  CREATE SCHEMA IF NOT EXISTS ${theirs(projection)};
  GRANT USAGE ON SCHEMA ${quoted(projection.name)} TO ${STAFF_ROLE};
  GRANT USAGE ON SCHEMA ${theirs(projection)} TO ${PARTNER_ROLE}`

/** Rights on the tables of a build. Done again it changes nothing. */
export function guardTables(projection: Projection, build: number): string {
  const of: TableNames = (table) => buildName(projection, table, build)
  return projection.tables
    .flatMap(({ name, partnersSee }) => [
      `ALTER TABLE ${of(name)} ENABLE ROW LEVEL SECURITY`,
      `DROP POLICY IF EXISTS staff ON ${of(name)}`,
      `CREATE POLICY staff ON ${of(name)} FOR SELECT TO ${STAFF_ROLE} USING (true)`,
      `GRANT SELECT ON ${of(name)} TO ${STAFF_ROLE}`,
      `DROP POLICY IF EXISTS partners ON ${of(name)}`,
      `REVOKE ALL ON ${of(name)} FROM ${PARTNER_ROLE}`,
      ...(partnersSee === 'nothing'
        ? []
        : [
            `CREATE POLICY partners ON ${of(name)} FOR SELECT TO ${PARTNER_ROLE} USING (${rowsOf(partnersSee, of)})`,
            `GRANT SELECT ON ${of(name)} TO ${PARTNER_ROLE}`,
          ]),
    ])
    .join(';\n')
}

/** The live names: for staff in the projection's schema, for partners in their own. */
export function createViews(projection: Projection, build: number): string {
  const of: TableNames = (table) => buildName(projection, table, build)
  const view = (name: string, role: string, columns: string, table: string) => [
    // As the one who asks, or the view's owner would be asked for, who sees everything.
    `CREATE VIEW ${name} WITH (security_invoker = true) AS SELECT ${columns} FROM ${of(table)}`,
    `GRANT SELECT ON ${name} TO ${role}`,
  ]
  return projection.tables
    .flatMap((spec) => [
      ...view(liveName(projection, spec.name), STAFF_ROLE, '*', spec.name),
      ...(spec.partnersSee === 'nothing'
        ? []
        : view(`${theirs(projection)}.${quoted(spec.name)}`, PARTNER_ROLE, columnsSeen(spec, of), spec.name)),
    ])
    .join(';\n')
}

/** Before views of another build take the names. By the catalogue: an older version may have had other tables. */
export async function dropViews(client: ClientBase, projection: Projection, live: Named): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, viewname) AS name FROM pg_views v
     WHERE schemaname = $2 OR schemaname = $1 AND EXISTS (
       SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = v.viewname || $3) ORDER BY 1`,
    [projection.name, partnersSchema(projection.name), `__${live.build}`],
  )
  if (rows.length) await client.query(`DROP VIEW ${rows.map(({ name }) => name).join(', ')}`)
}

/** What partners may ask beyond rows. Plain names are looked up when it is asked: it outlives a swap. */
export const createFunctions = ({ name, partnersAsk = [] }: Projection): string =>
  partnersAsk
    .map(
      (rest) =>
        `CREATE OR REPLACE FUNCTION ${quoted(partnersSchema(name))}.${rest}
           LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ${quoted(name)}, pg_temp`,
    )
    .join(';\n')

/**
 * Gives a live build that stands already the rights of this version: one that was made before there were any, or for
 * which this version says something else. Tables of an older version are for staff alone until they are rebuilt, since
 * their columns are not those that are known here; those of a newer one are left as that has made them.
 */
export async function guardLive(client: ClientBase, projection: Projection, live: Named): Promise<void> {
  if (live.version > projection.version) return
  const known = live.version === projection.version
  const guarded = { ...projection, tables: known ? projection.tables : await tablesOf(client, projection, live) }
  if ((await markOf(client, projection)) === mark(guarded, live.build)) return
  await client.query(guardTables(guarded, live.build))
  await dropViews(client, projection, live)
  await nameLive(client, guarded, live.build)
}

/** Makes the views of a build, which must have no others before them, and remembers by which rights. */
export async function nameLive(client: ClientBase, projection: Projection, build: number): Promise<void> {
  await client.query(createViews(projection, build))
  await client.query(`COMMENT ON SCHEMA ${theirs(projection)} IS '${mark(projection, build)}'`)
}

const mark = (projection: Projection, build: number) =>
  createHash('sha256')
    .update(guardTables(projection, build) + createViews(projection, build))
    .digest('hex')

async function markOf(client: ClientBase, { name }: Projection): Promise<string | undefined> {
  const { rows } = await client.query<{ mark: string }>(
    `SELECT obj_description(oid, 'pg_namespace') AS mark FROM pg_namespace WHERE nspname = $1`,
    [partnersSchema(name)],
  )
  return rows[0]?.mark
}

async function tablesOf(client: ClientBase, { name }: Projection, { build }: Named): Promise<TableSpec[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT viewname AS name FROM pg_views v WHERE schemaname = $1 AND EXISTS (
       SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = v.viewname || $2) ORDER BY 1`,
    [name, `__${build}`],
  )
  return rows.map((row) => ({ ...row, columns: {}, primaryKey: [], partnersSee: 'nothing' }))
}

const theirs = ({ name }: Projection) => quoted(partnersSchema(name))

const rowsOf = (see: Exclude<PartnersSee, 'nothing'>, of: TableNames) => (see === 'all' ? 'true' : see.rows(of))

function columnsSeen({ columns, partnersSee }: TableSpec, of: TableNames): string {
  const instead = typeof partnersSee === 'object' ? partnersSee.instead : undefined
  return Object.keys(columns)
    .map((name) => {
      const other = instead?.[name]
      if (other === undefined) return quoted(name)
      return `${typeof other === 'string' ? other : other(of)} AS ${quoted(name)}`
    })
    .join(', ')
}
