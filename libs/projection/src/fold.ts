/** The rows that events read and change, in memory, until they are written: one entry per key, however many events. */
import type { RecordedEvent } from '#event-store/event-store'
import { type Column, columnsOf, type Fit, fitterOf, type Row } from './columns.js'
import type { Deltas, Key, KeyPart, Projection, Rows, Table, TableSpec } from './projection.js'

export interface Entry {
  readonly key: string
  readonly parts: readonly KeyPart[]
  /** `unread`: nobody asked for the row, so only `deltas` (if any) are known. */
  state: 'present' | 'absent' | 'unread'
  row: Row | undefined
  deltas: Record<string, number> | undefined
  /** Whether the database has a row, undefined if that is not known. */
  stored: boolean | undefined
  /** Number of the event that may read it. */
  readableBy: number
  /** Number of the flush before which it was last touched. */
  usedIn: number
}

export class Fold implements Rows {
  private readonly byTable = new Map<TableSpec, FoldedTable>()
  private readonly undo: { table: FoldedTable; entry: Entry; before: Entry; wasDirty: boolean }[] = []
  private eventNumber = 0

  constructor(tables: readonly TableSpec[]) {
    for (const table of tables) this.byTable.set(table, new FoldedTable(table))
  }

  get tables(): Iterable<FoldedTable> {
    return this.byTable.values()
  }

  /** Rows to be written. */
  get dirty(): number {
    let count = 0
    for (const table of this.byTable.values()) count += table.dirty.size
    return count
  }

  of(table: TableSpec): FoldedTable {
    const folded = this.byTable.get(table)
    if (!folded) throw new Error(`table ${table.name} is not one of the projection's tables`)
    return folded
  }

  /** Applies one event wholly, or throws and leaves everything as it was. */
  apply(projection: Projection, event: RecordedEvent): void {
    this.eventNumber++
    this.undo.length = 0
    try {
      for (const { table, key } of projection.keys(event)) this.of(table).fetched(key).readableBy = this.eventNumber
      projection.apply(event, this)
    } catch (error) {
      for (const { table, entry, before, wasDirty } of this.undo.reverse()) {
        Object.assign(entry, before)
        if (!wasDirty) table.dirty.delete(entry)
      }
      throw error
    }
  }

  get<R extends object>(table: Table<R>, key: Key): Readonly<R> | undefined {
    const entry = this.of(table).entries.get(keyText(key))
    if (entry?.readableBy !== this.eventNumber) {
      throw new Error(`${table.name} ${JSON.stringify(key)} is read but not named by the projection's keys`)
    }
    return entry.row as R | undefined
  }

  put<R extends object>(table: Table<R>, row: R): void {
    const folded = this.of(table)
    const key = folded.keyOf(row as Row)
    const fitted = folded.fit(row as Row, folded.entries.get(keyText(key))?.row)
    const entry = this.touched(folded, key)
    entry.state = 'present'
    entry.row = fitted
    entry.deltas = undefined
    entry.readableBy = this.eventNumber
  }

  change<R extends object>(table: Table<R>, key: Key, columns: Partial<R>): void {
    const row = this.get(table, key)
    if (!row) throw new Error(`${table.name} has no row ${JSON.stringify(key)} to change`)
    this.put(table, { ...row, ...columns })
  }

  delete<R extends object>(table: Table<R>, key: Key): void {
    const entry = this.touched(this.of(table), key)
    entry.state = 'absent'
    entry.row = undefined
    entry.deltas = undefined
    entry.readableBy = this.eventNumber
  }

  add<R extends object>(table: Table<R>, key: Key, deltas: Deltas<R>): void {
    const folded = this.of(table)
    const whole = folded.wholeDeltas(deltas)
    const entry = this.touched(folded, key)
    if (entry.state === 'unread') entry.deltas = plus(entry.deltas ?? {}, whole)
    else {
      entry.row = folded.fit(plus(entry.row ?? folded.zero(entry.parts), whole), entry.row)
      entry.state = 'present'
    }
  }

  /** The changes are in the database. Of more than `keep` rows held in memory, half are forgotten. */
  written(keep: number): void {
    let held = 0
    for (const table of this.byTable.values()) {
      table.written()
      held += table.entries.size
    }
    if (held <= keep) return
    for (const table of this.byTable.values()) table.forget((table.entries.size * keep) / held / 2)
  }

  private touched(table: FoldedTable, key: Key): Entry {
    const entry = table.entry(key)
    this.undo.push({ table, entry, before: { ...entry }, wasDirty: table.dirty.has(entry) })
    table.dirty.add(entry)
    return entry
  }
}

export class FoldedTable {
  readonly entries = new Map<string, Entry>()
  readonly dirty = new Set<Entry>()
  readonly columns: readonly Column[]
  /** Every row of the table is in memory, so what is not here does not exist: true only from an empty table on. */
  complete = false
  flushes = 0

  readonly fit: Fit

  constructor(readonly spec: TableSpec) {
    this.columns = columnsOf(spec)
    this.fit = fitterOf(spec.name, this.columns)
  }

  keyOf(row: Row): Key {
    const { primaryKey } = this.spec
    return primaryKey.length === 1 ? (row[primaryKey[0]!] as KeyPart) : primaryKey.map((name) => row[name] as KeyPart)
  }

  /** Whether the row must be fetched before an event reads it. */
  misses(key: Key): boolean {
    const entry = this.entries.get(keyText(key))
    return entry ? entry.state === 'unread' : !this.complete
  }

  /** What the database has under a key now; deltas that wait are added to it. */
  fill(key: Key, row: Row | undefined): void {
    const entry = this.entry(key)
    entry.stored = row !== undefined
    entry.state = row ? 'present' : 'absent'
    entry.row = row
    if (entry.deltas) {
      entry.row = this.fit(plus(row ?? this.zero(entry.parts), entry.deltas), row)
      entry.state = 'present'
      entry.deltas = undefined
    }
  }

  /** The entry of a key that an event reads. */
  fetched(key: Key): Entry {
    const entry = this.entry(key)
    if (entry.state === 'unread') throw new Error(`${this.spec.name} ${JSON.stringify(key)} was not fetched`)
    return entry
  }

  entry(key: Key): Entry {
    const text = keyText(key)
    let entry = this.entries.get(text)
    if (!entry) {
      const parts = typeof key === 'object' ? key : [key]
      if (parts.length !== this.spec.primaryKey.length) {
        throw new Error(`${this.spec.name} is keyed by ${this.spec.primaryKey.join(', ')}, not ${JSON.stringify(key)}`)
      }
      entry = {
        key: text,
        parts,
        state: this.complete ? 'absent' : 'unread',
        row: undefined,
        deltas: undefined,
        stored: this.complete ? false : undefined,
        readableBy: 0,
        usedIn: this.flushes,
      }
      this.entries.set(text, entry)
    } else entry.usedIn = this.flushes
    return entry
  }

  /** A row that begins at zero, for `add`. */
  zero(parts: readonly KeyPart[]): Row {
    const row: Record<string, unknown> = {}
    for (const column of this.columns) {
      const part = this.spec.primaryKey.indexOf(column.name)
      row[column.name] = part >= 0 ? parts[part] : column.nullable ? null : 0
    }
    return row
  }

  /** Whole numbers only: sums of fractions would depend on how the events were batched. */
  wholeDeltas(deltas: object): Record<string, number> {
    for (const [name, delta] of Object.entries(deltas)) {
      if (!Number.isSafeInteger(delta))
        throw new TypeError(`${this.spec.name}.${name} adds whole numbers, not ${delta}`)
    }
    return deltas as Record<string, number>
  }

  written(): void {
    for (const entry of this.dirty) {
      if (entry.state === 'unread') this.entries.delete(entry.key)
      else entry.stored = entry.state === 'present'
    }
    this.dirty.clear()
    this.flushes++
  }

  /** Down to so few entries; those that were not used since the last write go first. */
  forget(few: number): void {
    this.complete = false
    for (const entry of this.entries.values()) {
      if (this.entries.size <= few) return
      if (entry.usedIn < this.flushes - 1) this.entries.delete(entry.key)
    }
    for (const key of this.entries.keys()) {
      if (this.entries.size <= few) return
      this.entries.delete(key)
    }
  }
}

/** One text per key of a table. */
export function keyText(key: Key): string {
  return typeof key === 'object' ? key.join('\u0000') : String(key)
}

function plus(row: Row, deltas: Readonly<Record<string, number>>): Record<string, number> {
  const sum = { ...row } as Record<string, number>
  for (const [name, delta] of Object.entries(deltas)) sum[name] = (sum[name] ?? 0) + delta
  return sum
}
