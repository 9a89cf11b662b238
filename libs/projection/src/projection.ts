/**
 * A projection says, as pure functions, how events become rows; the runner does the rest: it fetches the rows that a
 * batch reads, folds the batch in memory, writes each table with one statement and moves the checkpoint with them.
 *
 * `apply` must depend on nothing but the event and the rows that `keys` names, or a replay would not equal the state.
 */
import type { RecordedEvent } from '#event-store/event-store'

export interface Projection {
  /** Its name, and the PostgreSQL schema that it alone owns: `inventory` has its coils in `inventory.coils`. */
  readonly name: string
  /** A whole number, raised with every change of tables or meaning: the runner then rebuilds from history. */
  readonly version: number
  readonly tables: readonly TableSpec[]
  /** PostgreSQL extensions that its indexes need, e.g. `pg_trgm`. */
  readonly extensions?: readonly string[]
  /**
   * What partners may ask beyond the rows that they see: each the rest of `CREATE FUNCTION <their schema>.`. It runs with
   * the owner's rights, on the plain names of the projection's tables, and must see for itself what it answers to whom.
   */
  readonly partnersAsk?: readonly string[]
  /** The rows that `apply` will ask for with `rows.get` or `rows.change`, for this event alone. */
  keys(event: RecordedEvent): readonly RowKey[]
  /** Changes rows; a throw parks the event's stream, and none of this event's changes remain. */
  apply(event: RecordedEvent, rows: Rows): void
}

/** What one event may read and change. Rows are values: never change one in place, put a new one. */
export interface Rows {
  /** The row as of all earlier events. Throws if `keys` did not name it and this event did not put it. */
  get<Row extends object>(table: Table<Row>, key: Key): Readonly<Row> | undefined
  /** Writes the whole row, whether or not there was one. */
  put<Row extends object>(table: Table<Row>, row: Row): void
  /** Writes some columns of a row that `keys` named; throws if there is no such row. */
  change<Row extends object>(table: Table<Row>, key: Key, columns: Partial<Row>): void
  delete<Row extends object>(table: Table<Row>, key: Key): void
  /**
   * Adds to number columns without reading the row. Where there is none it begins at zero, so every column outside
   * the primary key must be a number or nullable.
   */
  add<Row extends object>(table: Table<Row>, key: Key, deltas: Deltas<Row>): void
}

export type KeyPart = string | number

/** The value of the primary key: one part, or all parts in the order of `primaryKey`. */
export type Key = KeyPart | readonly KeyPart[]

export interface RowKey {
  readonly table: TableSpec
  readonly key: Key
}

/** The columns of a row that hold numbers. */
export type Deltas<Row> = { readonly [C in keyof Row as Row[C] extends number ? C : never]?: number }

/**
 * A table of which the runner makes a numbered copy for each build; the plain name is a view of the live one.
 * Column names are the row's property names exactly, always quoted, which is also what TypeORM expects by default.
 */
export interface TableSpec {
  readonly name: string
  readonly columns: Readonly<Record<string, ColumnType>>
  readonly primaryKey: readonly string[]
  /**
   * What follows `CREATE INDEX ... ON table`: `("alloy", "gaugeMm")`, `USING gin ("number" gin_trgm_ops)`,
   * `("location") WHERE "physical" = 'inStock'`. Never unique: a read model reports, it does not refuse.
   */
  readonly indexes?: readonly string[]
  /** Whose metal one may see is held by the database, table by table: there is none of which it is not said. */
  readonly partnersSee: PartnersSee
}

/** Everything, nothing, or rows that fulfil a condition, which PostgreSQL holds by row-level security. */
export type PartnersSee =
  | 'all'
  | 'nothing'
  | {
      /**
       * An SQL condition with `ASKING_PARTNER` in it. Tables are those of one build: `of('coils')`; a column that could be
       * another table's is qualified by it. Of the tables that it asks it finds what the partner sees there.
       */
      readonly rows: (of: TableNames) => string
      /** Columns of which partners see something else than what is in them: an SQL expression, of the same type. */
      readonly instead?: Readonly<Record<string, string | ((of: TableNames) => string)>>
    }

/** The qualified name of a projection's table in one build. */
export type TableNames = (table: string) => string

export interface Table<Row extends object> extends TableSpec {
  readonly columns: { readonly [C in keyof Row & string]: ColumnFor<Row[C]> }
  readonly primaryKey: readonly (keyof Row & string)[]
}

/**
 * In a row: `integer`, `bigint`, `numeric` and `double precision` are numbers (bigint up to 2^53), `timestamptz` is a
 * Date (milliseconds), `date` a string `YYYY-MM-DD`, `jsonb` plain JSON (no Date inside, no undefined).
 * Columns are NOT NULL unless the type ends in ` null`.
 */
export type ColumnType = PgType | `${PgType} null`

export type PgType =
  | 'text'
  | 'uuid'
  | 'date'
  | 'integer'
  | 'bigint'
  | 'numeric'
  | 'double precision'
  | 'boolean'
  | 'timestamptz'
  | 'text[]'
  | 'integer[]'
  | 'jsonb'

export type ColumnFor<Value> = null extends Value ? `${PgTypeFor<NonNullable<Value>>} null` : PgTypeFor<Value>

type PgTypeFor<Value> = Value extends string
  ? 'text' | 'uuid' | 'date'
  : Value extends number
    ? 'integer' | 'bigint' | 'numeric' | 'double precision'
    : Value extends boolean
      ? 'boolean'
      : Value extends Date
        ? 'timestamptz'
        : Value extends readonly string[]
          ? 'text[]' | 'jsonb'
          : Value extends readonly number[]
            ? 'integer[]' | 'jsonb'
            : 'jsonb'

/**
 * `table<CoilRow>({ name: 'coils', columns: { number: 'text', gaugeMm: 'numeric null' }, primaryKey: ['number'] })`:
 * the compiler checks that each column's type fits the row's property.
 */
export function table<Row extends object>(spec: Table<Row>): Table<Row> {
  return spec
}

/** One row for `keys` to name: `keys: (event) => [row(coils, number)]`. */
export function row<Row extends object>(table: Table<Row>, key: Key): RowKey {
  return { table, key }
}
