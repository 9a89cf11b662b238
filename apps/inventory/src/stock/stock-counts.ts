import { type Rows, table } from '#projection/projection'
import type { CoilRow } from '../coils/coil-row.js'

/** What totals and facets can be counted by without looking at a single coil. */
export const DIMENSIONS = [
  'owner',
  'holder',
  'alloy',
  'temper',
  'form',
  'location',
  'physical',
  'quality',
  'commercial',
] as const

export type Dimension = (typeof DIMENSIONS)[number]

export type StockCountRow = Record<Dimension, string> & { coils: number; kg: number }

/**
 * How many coils and kilograms there are of every kind. A plant has hundreds of kinds and a million coils, so
 * that counting them here takes a millisecond where counting coils would take a second.
 */
export const stockCounts = table<StockCountRow>({
  name: 'stock_counts',
  primaryKey: [...DIMENSIONS],
  columns: {
    owner: 'text',
    holder: 'text',
    alloy: 'text',
    temper: 'text',
    form: 'text',
    location: 'text',
    physical: 'text',
    quality: 'text',
    commercial: 'text',
    coils: 'integer',
    kg: 'bigint',
  },
})

export function countStock(before: CoilRow | undefined, after: CoilRow, rows: Rows): void {
  if (before) {
    const alike = DIMENSIONS.every((dimension) => before[dimension] === after[dimension])
    if (alike && before.netWeightKg === after.netWeightKg) return
    rows.add(stockCounts, kindOf(before), { coils: -1, kg: -before.netWeightKg })
  }
  rows.add(stockCounts, kindOf(after), { coils: 1, kg: after.netWeightKg })
}

const kindOf = (coil: CoilRow) => DIMENSIONS.map((dimension) => coil[dimension])
