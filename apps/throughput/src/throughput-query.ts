import { z } from 'zod'
import { step } from '#domain/plant/events'
import { alloyName, calendarDate, lineCode, partnerCode, temperCode } from '#domain/words'
import { after } from '#platform/consistency'
import { Problem } from '#platform/problems/problem'

/** A list in an address: `?line=A&line=B` or `?line=A,B`. */
const listOf = <Item extends z.ZodType<string, string>>(item: Item) =>
  z
    .union([z.string(), z.array(z.string()).max(50)])
    .transform((given) => (Array.isArray(given) ? given : [given]).flatMap((text) => text.split(',')).filter(Boolean))
    .pipe(z.array(item).min(1).max(50))
    .describe('one, or several with commas between')

/** What work can be told apart by, in the order asked for. */
export const DIMENSIONS = ['line', 'step', 'product', 'owner', 'shift', 'day', 'week', 'month'] as const
export type Dimension = (typeof DIMENSIONS)[number]

/** Which work: days are the plant's, both included; a shift belongs to the day it began. */
const filters = {
  ...after,
  from: calendarDate.optional().describe('first day'),
  to: calendarDate.optional().describe('last day, included'),
  line: listOf(lineCode).optional(),
  step: listOf(z.union([step, z.literal('cast')])).optional(),
  owner: listOf(partnerCode).optional(),
  alloy: listOf(alloyName).optional(),
  temper: listOf(temperCode).optional(),
}

const inOrder = <Query extends { from?: string; to?: string }>({ from, to }: Query) => !from || !to || from <= to
const orderFault = { path: ['to'], message: '"to" is before "from"' }

export const productionQuery = z
  .strictObject({
    ...filters,
    by: listOf(z.enum(DIMENSIONS))
      .default(['line', 'day'])
      .describe(`any of ${DIMENSIONS.join(', ')}, in the order of the answer's groups`),
  })
  .refine(inOrder, orderFault)
export type ProductionQuery = z.output<typeof productionQuery>

export const LEAD_TIME_DIMENSIONS = ['product', 'owner', 'customer', 'day', 'week', 'month'] as const
export type LeadTimeDimension = (typeof LEAD_TIME_DIMENSIONS)[number]

const { line: _line, step: _step, ...withoutLines } = filters
export const leadTimeQuery = z
  .strictObject({
    ...withoutLines,
    customer: listOf(partnerCode).optional(),
    by: listOf(z.enum(LEAD_TIME_DIMENSIONS))
      .default(['month'])
      .describe(`any of ${LEAD_TIME_DIMENSIONS.join(', ')}, in the order of the answer's groups`),
  })
  .refine(inOrder, orderFault)
export type LeadTimeQuery = z.output<typeof leadTimeQuery>

const { from: _from, to: _to, ...atAnyTime } = filters
export const workInProcessQuery = z.strictObject(atAnyTime)
export type WorkInProcessQuery = z.output<typeof workInProcessQuery>

/** No query answers more groups than this; it says so instead. */
export const MOST_GROUPS = 10_000

/** @throws Problem 400 when there are more groups than anybody could read. */
export function requireReadable(groups: readonly unknown[]): void {
  if (groups.length <= MOST_GROUPS) return
  const detail = `This makes more than ${MOST_GROUPS} groups: ask for fewer days or fewer dimensions.`
  throw new Problem(400, 'too-many-groups', detail)
}

/** How a dimension is read from the columns `line`, `step`, `alloy`, `temper`, `form`, `owner`, `shift` and `day`. */
const EXPRESSIONS: Record<Dimension | LeadTimeDimension, string> = {
  line: '"line"',
  step: '"step"',
  product: `"alloy" || ' ' || "temper" || CASE "form" WHEN 'pack' THEN ' sheets' ELSE '' END`,
  owner: '"owner"',
  customer: '"customer"',
  shift: '"shift"',
  day: `to_char("day", 'YYYY-MM-DD')`,
  week: `to_char("day", 'IYYY-"W"IW')`,
  month: `to_char("day", 'YYYY-MM')`,
}

/** `SELECT` and `GROUP BY` parts. A shift only means something on a line's day, but people may compare shifts alone. */
export function groupedBy(by: readonly (Dimension | LeadTimeDimension)[]) {
  const unique = [...new Set(by)]
  return {
    dimensions: unique,
    select: unique.map((dimension) => `${EXPRESSIONS[dimension]} AS "${dimension}"`).join(', '),
    numbers: unique.map((_, i) => i + 1).join(', '),
  }
}

type Filters = Partial<Record<'line' | 'step' | 'owner' | 'alloy' | 'temper' | 'customer', string[]>> & {
  from?: string
  to?: string
}

/** The `WHERE` of a query, and its parameters. */
export function where(query: Filters, ...always: string[]): { sql: string; parameters: unknown[] } {
  const parameters: unknown[] = []
  const conditions = [...always]
  const add = (condition: (parameter: string) => string, value: unknown) => {
    if (value === undefined) return
    parameters.push(value)
    conditions.push(condition(`$${parameters.length}`))
  }
  for (const column of ['line', 'step', 'owner', 'alloy', 'temper', 'customer'] as const) {
    add((p) => `"${column}" = ANY(${p})`, query[column])
  }
  add((p) => `"day" >= ${p}::date`, query.from)
  add((p) => `"day" <= ${p}::date`, query.to)
  return { sql: conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '', parameters }
}
