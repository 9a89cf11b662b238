import { ASKING_PARTNER } from '#platform/read-model/roles'
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

export type StockCountRow = Record<Dimension, string> & { kind: number; coils: number; kg: number }

/**
 * How many coils and kilograms there are of every kind. A plant has thousands of kinds and a million coils, so that
 * counting them here takes a millisecond where counting coils would take a second. Each coil has the number of its
 * kind: a search looks for kinds first, and then for their coils in one narrow index.
 */
export const stockCounts = table<StockCountRow>({
  name: 'stock_counts',
  partnersSee: { rows: () => `"owner" = ${ASKING_PARTNER}` },
  primaryKey: ['kind', ...DIMENSIONS],
  columns: {
    kind: 'bigint',
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
    if (before.kind === after.kind && before.netWeightKg === after.netWeightKg) return
    rows.add(stockCounts, keyOf(before), { coils: -1, kg: -before.netWeightKg })
  }
  rows.add(stockCounts, keyOf(after), { coils: 1, kg: after.netWeightKg })
}

const keyOf = (coil: CoilRow) => [coil.kind, ...DIMENSIONS.map((dimension) => coil[dimension])]

type Kind = Readonly<Record<Dimension, string>>

/** The number of a kind: made from its words, so that it is the same wherever and whenever it is made. */
export function kindOf(coil: Kind, before: (Kind & { readonly kind: number }) | undefined): number {
  if (before && DIMENSIONS.every((dimension) => before[dimension] === coil[dimension])) return before.kind
  return hashOf(DIMENSIONS.map((dimension) => coil[dimension]).join('\n'))
}

/** 53 bits (cyrb53, public domain): that two of ten thousand kinds share a number is one chance in a hundred million. */
function hashOf(text: string): number {
  let low = 0xdeadbeef
  let high = 0x41c6ce57
  for (let n = 0; n < text.length; n++) {
    const code = text.charCodeAt(n)
    low = Math.imul(low ^ code, 2_654_435_761)
    high = Math.imul(high ^ code, 1_597_334_677)
  }
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909)
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909)
  return 4_294_967_296 * (high & 0x1fffff) + (low >>> 0)
}
