/** Where the next page begins: opaque to clients, and refused if it is not one that we made. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Problem } from '#platform/problems/problem'

const LARGEST_PAGE = 500

/** To be spread into the schema of every query that pages. */
export const paging = {
  limit: z.coerce.number().int().min(1).max(LARGEST_PAGE).default(50),
  cursor: z.string().min(1).max(1_000).optional().describe('`next` of the page before, with the same sort'),
}

/** One page: its items, and the cursor of the next, or null if there is none. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ items: z.array(item), next: z.string().nullable() })

export type CursorPart = string | number

/** `of` names the order that the parts are of: a cursor goes on only where it came from. */
export function cursorFor(of: string, parts: readonly CursorPart[]): string {
  const text = JSON.stringify([of, ...parts])
  return `${Buffer.from(text).toString('base64url')}.${checksum(text)}`
}

/**
 * The parts that `cursorFor` was given.
 * @throws Problem 400 if the cursor is garbled or of another order.
 */
export function partsOf<Parts extends z.ZodType<readonly CursorPart[]>>(
  cursor: string,
  of: string,
  parts: Parts,
): z.output<Parts> {
  const [encoded = '', sum] = cursor.split('.', 2)
  const text = Buffer.from(encoded, 'base64url').toString('utf8')
  if (sum !== checksum(text)) throw notOurs('It is not one that was given out here.')
  const [made, ...rest] = JSON.parse(text) as unknown[]
  if (made !== of) throw notOurs(`It belongs to another order (${String(made)}): begin again without it.`)
  const { success, data } = parts.safeParse(rest)
  if (!success) throw notOurs('It is of an older version: begin again without it.')
  return data
}

/** Against garbling, not against forgery: whoever makes one up sees no more than with a filter. */
const checksum = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 8)

function notOurs(why: string): Problem {
  return new Problem(400, 'invalid-cursor', `The cursor cannot be used. ${why}`, {
    errors: [{ in: 'query', pointer: '/cursor', rule: 'invalid-cursor', message: why }],
  })
}

/** `rows` has one more than the page if there is a next one. */
export function page<Row, Item>(
  rows: readonly Row[],
  limit: number,
  item: (row: Row) => Item,
  cursor: (last: Row) => string,
): { items: Item[]; next: string | null } {
  const shown = rows.slice(0, limit)
  return { items: shown.map(item), next: rows.length > limit ? cursor(shown.at(-1)!) : null }
}
