import { z } from 'zod'
import type { CoilRow } from '../coils/coil-row.js'

type Column = 'coil' | 'alloy' | 'temper' | 'gaugeMm' | 'widthMm' | 'netWeightKg' | 'enteredAt' | 'location'

/**
 * By what stock can be sorted. The coil number comes last, so that no two coils stand in the same place.
 * Each has an index: a page is read from where it begins, not sorted out of everything.
 */
export const SORTS = {
  coil: ['coil'],
  alloy: ['alloy', 'temper', 'gaugeMm', 'coil'],
  gaugeMm: ['gaugeMm', 'coil'],
  widthMm: ['widthMm', 'coil'],
  netWeightKg: ['netWeightKg', 'coil'],
  enteredAt: ['enteredAt', 'coil'],
  location: ['location', 'coil'],
} as const satisfies Record<string, readonly Column[]>

const number = z.number()
const text = z.string()
const instant = z.iso.datetime()
const PARTS: Record<Column, z.ZodType<string | number>> = {
  coil: text,
  alloy: text,
  temper: text,
  gaugeMm: number,
  widthMm: number,
  netWeightKg: number,
  enteredAt: instant,
  location: text,
}

export interface Sort {
  readonly name: string
  readonly columns: readonly Column[]
  readonly descending: boolean
  /** What a cursor of this order holds. */
  readonly parts: z.ZodType<readonly (string | number)[]>
}

export function sortOf(name: string): Sort {
  const descending = name.startsWith('-')
  const columns = SORTS[(descending ? name.slice(1) : name) as keyof typeof SORTS]
  const parts = z.tuple(columns.map((column) => PARTS[column]) as [z.ZodType<string | number>])
  return { name, columns, descending, parts }
}

export function orderBy({ columns, descending }: Sort): string {
  return columns.map((column) => `"${column}" ${descending ? 'DESC' : 'ASC'}`).join(', ')
}

/** Where a coil stands in the order. */
export function placeOf(sort: Sort, coil: Readonly<Pick<CoilRow, Column>>): (string | number)[] {
  return sort.columns.map((column) => {
    const value = coil[column]
    return value instanceof Date ? value.toISOString() : value
  })
}
