import { COLUMNS, type Column, type RowFacts, shown } from './columns.js'
import { MOST_ROWS, type RowFault } from './events.js'
import { type CommentLine, headerOf, type ListHeader } from './list-header.js'

/** A table as it stands in a file. Rows are numbered as a spreadsheet shows them; blank ones are not in it. */
export interface Sheet {
  readonly comments: readonly CommentLine[]
  readonly headerRow: number
  readonly header: readonly string[]
  readonly rows: readonly { readonly row: number; readonly cells: readonly string[] }[]
}

/** One row as read: what it says, where its cells can be read, and what is wrong with them. */
export interface ListedRow {
  readonly row: number
  /** The cell for the coil number, good or not. */
  readonly coil: string
  readonly cells: Readonly<Record<string, string>>
  /** Only when every cell could be read. */
  readonly facts?: RowFacts
  readonly faults: readonly RowFault[]
}

export interface PackingList {
  readonly header: ListHeader
  readonly rows: readonly ListedRow[]
  /** Faults of the file as a whole: with any of them no row is announced. */
  readonly faults: readonly RowFault[]
}

/** Reads a table as a packing list, and names everything in it that cannot be right whatever the plant knows. */
export function readPackingList(sheet: Sheet, told: ListHeader): PackingList {
  const { header, faults } = headerOf(told, sheet.comments)
  const placed = placeColumns(sheet)
  const seen = new Map<string, number>()
  const rows = sheet.rows.slice(0, MOST_ROWS).map(({ row, cells }): ListedRow => {
    const listed = readRow(row, cells, sheet.header.length, placed.columns)
    const before = seen.get(listed.coil)
    if (before === undefined) {
      if (listed.coil) seen.set(listed.coil, row)
      return listed
    }
    const message = `coil ${shown(listed.coil)} is in row ${before} already`
    const twice = { row, column: 'coil_number', value: shown(listed.coil), rule: 'coil-number-doubled', message }
    return { ...listed, faults: [...listed.faults, twice] }
  })
  return { header, rows, faults: [...faults, ...placed.faults, ...tooFewOrMany(sheet)] }
}

/**
 * The content in one form, whatever dialect it was written in: the same list gives the same text. The delivery note,
 * the vehicle and the like are not part of it: the list is the same without them.
 */
export function contentOf({ header, rows }: PackingList): string {
  const lines = rows.map(({ cells, facts }) =>
    JSON.stringify(COLUMNS.map(({ name, fact }) => facts?.[fact] ?? cells[name] ?? '')),
  )
  return [JSON.stringify([header.supplier, header.owner]), ...lines.sort()].join('\n')
}

type Placed = readonly { readonly column: Column; readonly at: number }[]

function placeColumns({ header, headerRow, rows }: Sheet): { columns: Placed; faults: RowFault[] } {
  const names = header.map((name) => name.trim().toLowerCase())
  const fault = (column: string, rule: string, message: string): RowFault => {
    return { row: headerRow, column: shown(column).slice(0, 60), value: shown(column), rule, message }
  }
  const columns = COLUMNS.flatMap((column) => {
    const at = names.indexOf(column.name)
    return at < 0 ? [] : [{ column, at }]
  })
  const faults = names.flatMap((name, at) => {
    if (names.indexOf(name) < at && name)
      return [fault(name, 'column-doubled', `the column ${shown(name)} stands twice`)]
    if (COLUMNS.some((column) => column.name === name)) return []
    // A spreadsheet may save columns that never had anything in them.
    if (!name && rows.every(({ cells }) => !cells[at]?.trim())) return []
    const known = COLUMNS.map((column) => column.name).join(', ')
    return [fault(name, 'column-unknown', `there is no column "${shown(name)}" in a packing list; there are ${known}`)]
  })
  const missing = COLUMNS.filter(({ name, required }) => required && !names.includes(name)).map(({ name }) =>
    fault(name, 'column-missing', `the column ${name} is missing in the header`),
  )
  return { columns, faults: [...faults, ...missing] }
}

function tooFewOrMany({ rows, headerRow }: Sheet): RowFault[] {
  if (rows.length > 0 && rows.length <= MOST_ROWS) return []
  const message =
    rows.length === 0
      ? 'there is no row in the list'
      : `${rows.length} rows are more than the ${MOST_ROWS} that are taken at once; split the list`
  const rule = rows.length === 0 ? 'list-empty' : 'list-too-long'
  return [{ row: rows[MOST_ROWS]?.row ?? headerRow, column: '', value: String(rows.length), rule, message }]
}

function readRow(row: number, raw: readonly string[], width: number, columns: Placed): ListedRow {
  const faults: RowFault[] = []
  const cells: Record<string, string> = {}
  const facts: Record<string, string | number> = {}
  const cellsInRow = raw.findLastIndex((cell, i) => i < width || cell.trim() !== '') + 1
  if (cellsInRow !== width) {
    const message = `the header has ${width} columns, this row has ${cellsInRow}`
    faults.push({ row, column: '', value: String(cellsInRow), rule: 'cell-count', message })
  }
  for (const { column, at } of columns) {
    const cell = (raw[at] ?? '').trim()
    cells[column.name] = cell
    const fault = (rule: string, message: string) =>
      faults.push({ row, column: column.name, value: shown(cell), rule, message: message.slice(0, 500) })
    if (cell === '') {
      if (column.required) fault('cell-empty', `${column.name} may not be empty`)
      continue
    }
    const read = column.read(cell)
    if ('rule' in read) fault(read.rule, read.message)
    else facts[column.fact] = read.value
  }
  const complete = faults.length === 0 && COLUMNS.every(({ required, fact }) => !required || fact in facts)
  return { row, coil: cells.coil_number ?? '', cells, faults, ...(complete && { facts: facts as unknown as RowFacts }) }
}
