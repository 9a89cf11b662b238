import { Injectable } from '@nestjs/common'
import { z } from 'zod'
import { after } from '#platform/consistency'
import { InjectReader, Reader } from '#platform/read-model/reader'
import { many, Values, where } from '../http/query.js'
import { AVAILABLE_KINDS, available as availability, kindConditions, onHandIn } from './conditions.js'
import { stockFilter } from './search-query.js'
import { DIMENSIONS } from './stock-counts.js'

const { alloy, temper, form, owner, holder, location, physical, quality, commercial, available } = stockFilter
const filters = { alloy, temper, form, owner, holder, location, physical, quality, commercial, available }

export const summaryQuery = z.strictObject({ ...filters, by: many(z.enum(DIMENSIONS)), ...after })
export type SummaryQuery = z.output<typeof summaryQuery>

const ON_HAND = onHandIn('k')

/** What people call it, and what it is. They overlap: a reserved coil may be held too. */
const CLASSES = {
  onHand: ON_HAND,
  available: AVAILABLE_KINDS,
  reserved: `${ON_HAND} AND "commercial" = 'reserved'`,
  held: `${ON_HAND} AND "quality" = 'held'`,
  inProcess: `"physical" = 'in-process'`,
  expected: `"physical" = 'expected'`,
  soldNotDispatched: `${ON_HAND} AND "commercial" = 'sold'`,
} as const

const amount = z.strictObject({ coils: z.int(), kg: z.int() })
const classes = Object.fromEntries(Object.keys(CLASSES).map((name) => [name, amount])) as Record<
  keyof typeof CLASSES,
  typeof amount
>
export const stockSummary = z.strictObject({
  by: z.array(z.enum(DIMENSIONS)),
  rows: z.array(z.strictObject({ of: z.record(z.string(), z.string().nullable()), ...classes })),
  totals: z.strictObject(classes),
})

type Amounts = Record<string, number>

@Injectable()
export class StockSummary {
  constructor(@InjectReader('inventory') private readonly reader: Reader) {}

  async of(query: SummaryQuery) {
    const by = [...new Set(query.by ?? [])]
    const [rows, [all]] = await Promise.all([by.length ? this.rows(query, by) : [], this.rows(query, [])])
    return {
      by,
      rows: rows.map((row) => ({
        of: Object.fromEntries(by.map((dimension) => [dimension, row[dimension] || null])),
        ...amounts(row as unknown as Amounts),
      })),
      totals: amounts(all as unknown as Amounts),
    }
  }

  private rows(query: SummaryQuery, by: readonly string[]): Promise<Record<string, string>[]> {
    const values = new Values()
    const conditions = kindConditions({ ...query, metalOf: this.reader.partner }, values, 'k')
    const kept = [...conditions].filter(([field]) => field !== 'scope').map(([, condition]) => condition)
    const columns = by.map((dimension) => `"${dimension}"`)
    const sums = Object.entries(CLASSES).flatMap(([name, condition]) =>
      ['coils', 'kg'].map(
        (what) => `coalesce(sum("${what}") FILTER (WHERE ${condition}), 0)::float8 AS "${name} ${what}"`,
      ),
    )
    // What is gone has no place in a summary of stock, nor its kinds a row.
    const here = `"physical" IN ('in-stock', 'in-process', 'packed', 'expected')`
    return this.reader.query(
      `SELECT ${[...columns, ...sums].join(', ')} FROM stock_counts k ${where(['"coils" <> 0', here, ...availability(query, 'k'), ...kept])}
       ${columns.length ? `GROUP BY ${columns.join(', ')} ORDER BY ${columns.join(', ')}` : ''}`,
      values.all,
    )
  }
}

function amounts(row: Amounts) {
  return Object.fromEntries(
    Object.keys(CLASSES).map((name) => [name, { coils: row[`${name} coils`]!, kg: row[`${name} kg`]! }]),
  )
}
