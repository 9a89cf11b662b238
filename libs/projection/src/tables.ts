/** Names and statements of one numbered copy of a projection's tables. */
import { type Column, columnsOf, quoted, selected } from './columns.js'
import { type Projection, type TableSpec, table } from './projection.js'

/** How far each stream is applied: the runner's own guard against repeated and missing events. */
export interface StreamRevision {
  stream: string
  revision: number
}
export const streamRevisions = table<StreamRevision>({
  name: 'stream_revisions',
  columns: { stream: 'text', revision: 'integer' },
  primaryKey: ['stream'],
  partnersSee: 'nothing',
})

/** Streams that wait for someone to put something right. */
export interface ParkedStream {
  stream: string
  /** `failed`: the projection threw, or the database refused its rows. `gap`: events in between never came. */
  reason: 'failed' | 'gap'
  eventId: string
  eventType: string
  /** Of the first event that could not be applied. */
  revision: number
  position: bigint
  error: string
  since: Date
  attempts: number
}
export const PARKED = 'parked_streams'
/** How far each build has come in each partition of a broker's topic. */
export const OFFSETS = 'offsets'
export const BUILDS = 'builds'

export interface Statements {
  readonly spec: TableSpec
  readonly columns: readonly Column[]
  /** Qualified and quoted. */
  readonly name: string
  readonly fetch: string
  readonly upsert: string
  readonly add: string
  readonly remove: string
  readonly copy: string
  /** Makes a table for one transaction, the statement that fills it, and the one that changes the rows by it. */
  readonly change?: { readonly stage: string; readonly copy: string; readonly update: string }
}

export function liveName(projection: Projection, name: string): string {
  return `${quoted(projection.name)}.${quoted(name)}`
}

export function buildName(projection: Projection, name: string, build: number): string {
  return liveName(projection, `${name}__${build}`)
}

export function statementsOf(projection: Projection, spec: TableSpec, build: number): Statements {
  const columns = columnsOf(spec)
  const name = buildName(projection, spec.name, build)
  const keyColumns = spec.primaryKey.map((key) => columns.find((column) => column.name === key)!)
  const others = columns.filter((column) => !keyColumns.includes(column))
  const list = (of: readonly Column[]) => of.map((column) => quoted(column.name)).join(', ')
  const carried = (of: readonly Column[]) =>
    `unnest(${of.map((column, n) => `$${n + 1}::${column.carriedAs}[]`).join(', ')}) AS u(${list(of)})`
  const values = columns.map((c) => `u.${quoted(c.name)}${c.carriedAs === c.type ? '' : `::${c.type}`}`).join(', ')
  const matches = keyColumns.map((c) => `t.${quoted(c.name)} = u.${quoted(c.name)}`).join(' AND ')
  const insert = (set: (column: Column) => string, of: readonly Column[]) =>
    `INSERT INTO ${name} AS t (${list(columns)}) SELECT ${values} FROM ${carried(columns)}
     ON CONFLICT (${list(keyColumns)}) DO ${of.length ? `UPDATE SET ${of.map(set).join(', ')}` : 'NOTHING'}`
  return {
    spec,
    columns,
    name,
    fetch: `SELECT ${columns.map((column) => selected(column, 't')).join(', ')}
            FROM ${carried(keyColumns)} JOIN ${name} AS t ON ${matches}`,
    upsert: insert((c) => `${quoted(c.name)} = excluded.${quoted(c.name)}`, others),
    add: insert(
      (c) => `${quoted(c.name)} = t.${quoted(c.name)} + excluded.${quoted(c.name)}`,
      others.filter((column) => !column.nullable),
    ),
    remove: `DELETE FROM ${name} AS t USING ${carried(keyColumns)} WHERE ${matches}`,
    copy: `COPY ${name} (${list(columns)}) FROM STDIN`,
    // Nothing but a key never changes.
    ...(others.length && {
      change: {
        stage: `CREATE TEMP TABLE changed (LIKE ${name}) ON COMMIT DROP`,
        copy: `COPY changed (${list(columns)}) FROM STDIN`,
        update: `UPDATE ${name} AS t SET ${others.map((c) => `${quoted(c.name)} = u.${quoted(c.name)}`).join(', ')}
                 FROM changed AS u WHERE ${matches}; DROP TABLE changed`,
      },
    }),
  }
}

export function createTables(projection: Projection, build: number): string {
  const created = [...projection.tables, streamRevisions].map((spec) => {
    const columns = columnsOf(spec).map((c) => `${quoted(c.name)} ${c.type}${c.nullable ? '' : ' NOT NULL'}`)
    const key = spec.primaryKey.map(quoted).join(', ')
    const name = buildName(projection, spec.name, build)
    // Rows change often: with room beside it the new form stands in the same page, and its indexes need no change.
    return `CREATE TABLE ${name} (${columns.join(', ')}, PRIMARY KEY (${key})) WITH (fillfactor = 85)`
  })
  created.push(`CREATE TABLE ${buildName(projection, PARKED, build)} (
    stream text PRIMARY KEY, reason text NOT NULL, "eventId" text NOT NULL, "eventType" text NOT NULL,
    revision integer NOT NULL, position bigint NOT NULL, error text NOT NULL,
    since timestamptz NOT NULL DEFAULT now(), attempts integer NOT NULL DEFAULT 1)`)
  return created.join(';\n')
}

/** One statement per secondary index. */
export function createIndexes(projection: Projection, build: number): readonly string[] {
  return projection.tables.flatMap((spec) =>
    (spec.indexes ?? []).map((fragment, n) => {
      const index = quoted(`${spec.name}__${build}_${n + 1}`)
      return `CREATE INDEX IF NOT EXISTS ${index} ON ${buildName(projection, spec.name, build)} ${fragment}`
    }),
  )
}

/** Refuses a projection whose tables could not be made, before anything is made. */
export function assertSound(projection: Projection): void {
  const fault = (text: string) => new Error(`projection ${projection.name}: ${text}`)
  const plain = /^[a-z][a-z0-9_]{0,40}$/
  if (!plain.test(projection.name)) throw fault('a name has lower-case letters, digits and _, at most 41')
  if (!Number.isSafeInteger(projection.version) || projection.version < 1) throw fault('a version is 1 or more')
  const names = new Set<string>([BUILDS, PARKED, OFFSETS, streamRevisions.name])
  for (const spec of projection.tables) {
    if (!plain.test(spec.name)) throw fault(`table ${spec.name}: lower-case letters, digits and _, at most 41`)
    if (names.has(spec.name)) throw fault(`the table name ${spec.name} is taken`)
    names.add(spec.name)
    if (spec.primaryKey.length === 0) throw fault(`table ${spec.name} has no primary key`)
    for (const key of spec.primaryKey) {
      const type = spec.columns[key]
      if (!type || !['text', 'uuid', 'date', 'integer', 'bigint'].includes(type)) {
        throw fault(`${spec.name}.${key} is ${type ?? 'no column'}: a key is text, uuid, date, integer or bigint`)
      }
    }
  }
}
