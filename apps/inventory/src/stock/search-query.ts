import { z } from 'zod'
import {
  agreementNumber,
  alloyName,
  castNumber,
  lineCode,
  locationCode,
  orderNumber,
  partnerCode,
  temperCode,
  words,
} from '#domain/words'
import { after } from '#platform/consistency'
import { paging } from '../http/cursor.js'
import { many, yesOrNo } from '../http/query.js'
import { SORTS } from './sorts.js'

const millimetres = z.coerce.number().min(0).max(100_000)
const kilograms = z.coerce.number().int().min(0).max(100_000_000)
const days = z.coerce.number().min(0).max(100_000)

export const PHYSICAL = [
  'expected',
  'in-stock',
  'in-process',
  'consumed',
  'scrapped',
  'packed',
  'dispatched',
  'delivered',
] as const
export const QUALITY = ['uninspected', 'conforming', 'held', 'released', 'downgraded', 'rejected'] as const
export const COMMERCIAL = ['free', 'reserved', 'sold'] as const

const MOST_TERMS = 5

/** What sales ask for. Every filter narrows; a filter with several values takes any of them. */
export const stockFilter = {
  alloy: many(alloyName),
  temper: many(temperCode),
  form: many(z.enum(['coil', 'pack'])),
  minGaugeMm: millimetres.optional(),
  maxGaugeMm: millimetres.optional(),
  minWidthMm: millimetres.optional(),
  maxWidthMm: millimetres.optional(),
  minInnerDiameterMm: millimetres.optional(),
  maxInnerDiameterMm: millimetres.optional(),
  minOuterDiameterMm: millimetres.optional(),
  maxOuterDiameterMm: millimetres.optional(),
  minWeightKg: kilograms.optional(),
  maxWeightKg: kilograms.optional(),
  minAgeDays: days.optional().describe('days since it was received, cast or produced'),
  maxAgeDays: days.optional(),
  owner: many(partnerCode),
  holder: many(partnerCode),
  location: many(locationCode),
  physical: many(z.enum(PHYSICAL)).describe('what is on hand (in-stock, in-process, packed) if left out'),
  quality: many(z.enum(QUALITY)),
  commercial: many(z.enum(COMMERCIAL)),
  available: yesOrNo.optional().describe('can be promised: in stock or packed, not held or rejected, and free'),
  supplier: many(partnerCode),
  customer: many(partnerCode).describe('of its reservation or sale'),
  agreement: many(agreementNumber),
  castNumber: many(castNumber),
  processOrder: many(orderNumber).describe('in process on it, used up by it, or produced by it'),
  processLine: many(lineCode),
  salesOrder: many(orderNumber),
  packingList: many(words(80)),
  q: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .refine((text) => !text.includes('\u0000'), 'no number has a zero character')
    .refine((text) => text.split(/\s+/).length <= MOST_TERMS, `at most ${MOST_TERMS} parts`)
    .optional()
    .describe(
      'any part of a coil, cast, order, run, pack or packing list number or delivery note; several parts must all be found',
    ),
}

export const stockSort = z
  .enum(Object.keys(SORTS).flatMap((name) => [name, `-${name}`]) as [string, ...string[]])
  .default('coil')
  .describe('a field, descending with a minus before it')

export const stockSearch = z.strictObject({
  ...stockFilter,
  sort: stockSort,
  facets: yesOrNo.default(false).describe('count what other values of each filter would find'),
  ...paging,
  ...after,
})

export type StockFilter = Partial<z.output<z.ZodObject<typeof stockFilter>>> & {
  /** The partner who asks, beside whatever they ask for: it spares the database rows that it would not show anyway. */
  readonly metalOf?: string | undefined
}
export type StockSearch = z.output<typeof stockSearch>
