/** How values of each column type are checked, and written as and read from PostgreSQL's text form. */
import type { ColumnType, PgType, TableSpec } from './projection.js'

export interface Column {
  readonly name: string
  readonly type: PgType
  readonly nullable: boolean
  /** Type of the array that carries its values to `unnest`: arrays and JSON travel as text, unnest would flatten them. */
  readonly carriedAs: string
  /** Its text form never needs escaping in COPY. */
  readonly plain: boolean
  fits(value: unknown): boolean
  toText(value: unknown): string
  fromText(text: string): unknown
}

export type Row = Readonly<Record<string, unknown>>

export function columnsOf(table: TableSpec): readonly Column[] {
  return Object.entries(table.columns).map(([name, type]) => column(name, type))
}

/**
 * The row with exactly the table's columns. Throws with the column and the value if one does not fit; what is the very
 * value of a row that was fitted `before` is not looked at again.
 */
export type Fit = (row: Row, before?: Row) => Row

/**
 * Made as code with every column by its name: a loop over names costs ten times as much where rows are wide, and builds
 * rows that V8 keeps as hash tables, slow to copy ever after. Measured: it was a third of the rebuild of sixty columns.
 */
export function fitterOf(table: string, columns: readonly Column[]): Fit {
  const refuse = (column: Column, value: unknown) => {
    throw new TypeError(`${table}.${column.name} takes ${wanted(column)}, not ${shown(value)}`)
  }
  const checks = columns.map(({ name, nullable }, n) => {
    const property = JSON.stringify(name)
    const misfit = nullable ? `v${n} !== null && !fits[${n}](v${n})` : `v${n} === null || !fits[${n}](v${n})`
    return `const v${n} = row[${property}] ?? null
      if (v${n} !== before?.[${property}] && (${misfit})) refuse(columns[${n}], v${n})`
  })
  const row = columns.map(({ name }, n) => `${JSON.stringify(name)}: v${n}`)
  const code = `return (row, before) => { ${checks.join('\n')}\n return { ${row.join(', ')} } }`
  const fits = columns.map((column) => column.fits)
  return new Function('columns', 'fits', 'refuse', code)(columns, fits, refuse)
}

/** A PostgreSQL array in text form, from elements in text form. */
export function arrayText(elements: readonly (string | null)[]): string {
  let text = ''
  for (const element of elements) {
    text += text === '' ? '{' : ','
    text += element === null ? 'NULL' : `"${/["\\]/.test(element) ? element.replace(/["\\]/g, '\\$&') : element}"`
  }
  return text === '' ? '{}' : `${text}}`
}

interface Codec {
  readonly carriedAs?: string
  readonly plain?: boolean
  fits(value: unknown): boolean
  toText?(value: unknown): string
  fromText(text: string): unknown
}

// A string with a zero byte cannot be stored; one with half a surrogate pair would come back as another string.
const isText = (value: unknown): value is string =>
  typeof value === 'string' && !value.includes('\u0000') && value.isWellFormed()
const isInteger = (value: unknown) => Number.isInteger(value) && Math.abs(value as number) <= 0x7fff_ffff
const same = (text: string) => text
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const day = /^\d{4}-\d\d-\d\d$/

const codecs: Record<PgType, Codec> = {
  text: { fits: isText, fromText: same },
  uuid: { plain: true, fits: (value) => typeof value === 'string' && uuid.test(value), fromText: same },
  date: { plain: true, fits: (value) => typeof value === 'string' && day.test(value), fromText: same },
  integer: { plain: true, fits: isInteger, fromText: Number },
  bigint: { plain: true, fits: Number.isSafeInteger, fromText: Number },
  numeric: { plain: true, fits: Number.isFinite, fromText: Number },
  'double precision': { plain: true, fits: Number.isFinite, fromText: Number },
  boolean: { plain: true, fits: (value) => typeof value === 'boolean', fromText: (text) => text === 't' },
  timestamptz: {
    plain: true,
    fits: (value) => value instanceof Date && value.getTime() >= -62e12 && value.getTime() < 253_402_300_800_000,
    toText: (value) => (value as Date).toISOString(),
    fromText: (text) => new Date(text),
  },
  'text[]': {
    carriedAs: 'text',
    fits: (value) => Array.isArray(value) && value.every(isText),
    toText: (value) => arrayText(value as string[]),
    fromText: (text) => JSON.parse(text),
  },
  'integer[]': {
    carriedAs: 'text',
    fits: (value) => Array.isArray(value) && value.every(isInteger),
    toText: (value) => `{${(value as number[]).join()}}`,
    fromText: (text) => JSON.parse(text),
  },
  jsonb: {
    carriedAs: 'text',
    fits: (value) => typeof value !== 'function',
    toText: (value) => JSON.stringify(value),
    fromText: (text) => JSON.parse(text),
  },
}

/** The select expression whose text form `fromText` understands, whatever the session's settings. */
export function selected(column: Column, alias: string): string {
  const name = `${alias}.${quoted(column.name)}`
  if (column.type.endsWith('[]')) return `array_to_json(${name}) AS ${quoted(column.name)}`
  if (column.type === 'timestamptz') {
    return `to_char(${name} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS ${quoted(column.name)}`
  }
  if (column.type === 'date') return `to_char(${name}, 'YYYY-MM-DD') AS ${quoted(column.name)}`
  return name
}

export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`
}

function column(name: string, declared: ColumnType): Column {
  const nullable = declared.endsWith(' null')
  const type = (nullable ? declared.slice(0, -' null'.length) : declared) as PgType
  const codec = codecs[type]
  if (!codec) throw new Error(`column ${name}: ${declared} is not a type that a projection can have`)
  return { name, type, nullable, carriedAs: type, plain: false, toText: String, ...codec }
}

function wanted(column: Column): string {
  return `${column.type}${column.nullable ? ' or null' : ''}`
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}
