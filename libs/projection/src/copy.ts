import type { Column, Row } from './columns.js'

const PIECE = 1 << 16

/** The rows in COPY's text format, in pieces of about 64 kB. */
export function* copyLines(columns: readonly Column[], rows: readonly Row[]): Generator<Buffer> {
  let text = ''
  for (const row of rows) {
    let separator = ''
    for (const column of columns) {
      const value = row[column.name]
      text += separator
      text += value === null ? '\\N' : column.plain ? column.toText(value) : escaped(column.toText(value))
      separator = '\t'
    }
    text += '\n'
    if (text.length >= PIECE) {
      yield Buffer.from(text)
      text = ''
    }
  }
  if (text) yield Buffer.from(text)
}

const SPECIAL = /[\\\t\n\r]/
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

function escaped(text: string): string {
  return SPECIAL.test(text) ? text.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character]!) : text
}
