import { CsvError, parse } from 'csv-parse/sync'
import { COLUMNS } from '#domain/arrivals/columns'
import type { Sheet } from '#domain/arrivals/packing-list'
import { Problem } from '#platform/problems/problem'

const MOST_LINES = 50_000
const LONGEST_RECORD = 50_000
const MOST_COLUMNS = 100
const LINE_END = /\r\n|\n|\r/

/** Text of a file as bytes; without its byte order mark. @throws Problem 422 if it is not UTF-8. */
export function textOf(bytes: Uint8Array): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw unreadable('The file is in UTF-16. Save it as "CSV UTF-8", and send that.', { row: 1 })
  }
  const text = decoded(bytes)
  if (text === undefined) {
    const row = firstRowNotUtf8(bytes)
    throw unreadable(`Row ${row} of the file is not in UTF-8. Save the file as "CSV UTF-8", and send that.`, { row })
  }
  if (text.includes('\0')) throw unreadable('The file holds binary zeros: this is not a text file.', {})
  return text
}

/** The table in a CSV text, with commas or semicolons. @throws Problem 422 if it is not CSV. */
export function sheetOf(text: string): Sheet {
  const lines = text.match(/\r\n?|\n/g)?.length ?? 0
  if (lines > MOST_LINES) throw unreadable(`The file has ${lines} lines; ${MOST_LINES} are taken at most.`, { lines })
  const top = topOf(text)
  const delimiter = delimiterOf(text.slice(top.length).split(LINE_END, 1)[0] ?? '')
  const records = recordsOf(text.slice(top.length), delimiter, top.lines.length)
  const [header, ...rows] = records.map((cells, i) => ({ row: top.lines.length + 1 + i, cells }))
  const columns = header?.cells.length ?? 0
  if (columns > MOST_COLUMNS)
    throw unreadable(`The file has ${columns} columns: no packing list has so many.`, { columns })
  return {
    comments: top.lines.flatMap((line, i) => (isComment(line) ? [{ row: i + 1, text: line }] : [])),
    headerRow: header?.row ?? top.lines.length + 1,
    header: header?.cells ?? [],
    rows: rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== '')),
  }
}

const isComment = (line: string): boolean => /^\s*"?#/.test(line)

/** Comment lines and blank ones above the header: they keep no rules of CSV, so the parser must not see them. */
function topOf(text: string): { lines: string[]; length: number } {
  const lines: string[] = []
  let length = 0
  while (length < text.length) {
    const rest = text.slice(length, length + LONGEST_RECORD)
    const line = rest.split(LINE_END, 1)[0]!
    if (!isComment(line) && line.replaceAll(/[\s,;"]/g, '') !== '') break
    lines.push(line)
    length += line.length + (LINE_END.exec(rest.slice(line.length, line.length + 2))?.[0].length ?? 0)
    if (line.length === LONGEST_RECORD) break
  }
  return { lines, length }
}

/** The one that parts the header into more columns that we know. */
function delimiterOf(header: string): ',' | ';' {
  const known = (delimiter: string) => {
    const names = header.split(delimiter).map((name) => name.replaceAll('"', '').trim().toLowerCase())
    return COLUMNS.filter(({ name }) => names.includes(name)).length
  }
  return known(';') > known(',') ? ';' : ','
}

function recordsOf(text: string, delimiter: string, linesAbove: number): string[][] {
  try {
    return parse(text, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: false,
      max_record_size: LONGEST_RECORD,
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    // Its own words count lines from below the comment lines, and quote what they found.
    const row = linesAbove + (typeof error.lines === 'number' ? error.lines : 1)
    throw unreadable(`The file is not CSV, as of line ${row}: ${inWords(error.code)}.`, { row, code: error.code })
  }
}

function inWords(code: string): string {
  if (code === 'CSV_MAX_RECORD_SIZE') return 'a row is far too long, or a quote is not closed'
  return code === 'CSV_QUOTE_NOT_CLOSED'
    ? 'a quote is opened and never closed'
    : 'a quote stands in the middle of a cell; a cell with quotes is put in quotes, and they are doubled'
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function firstRowNotUtf8(bytes: Uint8Array): number {
  let row = 1
  for (let start = 0; start < bytes.length; row++) {
    const end = bytes.indexOf(0x0a, start)
    const next = end < 0 ? bytes.length : end + 1
    if (decoded(bytes.subarray(start, next)) === undefined) return row
    start = next
  }
  return row
}

const unreadable = (detail: string, values: Record<string, unknown>) =>
  new Problem(422, 'packing-list-unreadable', detail, { values })
