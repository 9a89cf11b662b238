/** A coil as a line of stock: what `GET /api/stock` answers. */
import { z } from 'zod'
import type { CoilRow } from '../coils/coil-row.js'
import { COMMERCIAL, PHYSICAL, QUALITY } from './search-query.js'

const instant = z.iso.datetime()
const kg = z.int()

export const stockCoil = z.strictObject({
  coil: z.string(),
  physical: z.enum(PHYSICAL),
  quality: z.enum(QUALITY),
  commercial: z.enum(COMMERCIAL),
  available: z.boolean(),
  owner: z.string(),
  holder: z.string(),
  form: z.enum(['coil', 'pack']),
  alloy: z.string(),
  temper: z.string(),
  gaugeMm: z.number(),
  widthMm: z.number(),
  innerDiameterMm: z.number().nullable(),
  outerDiameterMm: z.number().nullable(),
  lengthMm: z.number().nullable(),
  sheets: z.int().nullable(),
  netWeightKg: kg,
  grossWeightKg: kg.nullable(),
  location: z.string().nullable(),
  locationSince: instant.nullable(),
  origin: z.enum(['received', 'cast', 'produced']).nullable(),
  enteredAt: instant.describe('received, cast or produced; announced while it is expected'),
  producedOn: z.iso.date().nullable(),
  supplier: z.string().nullable(),
  agreement: z.string().nullable(),
  packingList: z.string().nullable(),
  inboundNote: z.string().nullable().describe('delivery note that it came with'),
  castNumbers: z.array(z.string()),
  castingRun: z.string().nullable(),
  producedBy: z.string().nullable().describe('process order'),
  remnant: z.boolean(),
  processOrder: z.string().nullable(),
  processLine: z.string().nullable(),
  processStep: z.string().nullable(),
  pack: z.string().nullable(),
  holds: z.array(
    z.strictObject({
      hold: z.string(),
      reason: z.string(),
      cause: z.string().optional().describe('coil that the hold came down from'),
      since: instant,
      by: z.string().optional(),
    }),
  ),
  downgradedTo: z.string().nullable(),
  salesOrder: z.string().nullable(),
  salesLine: z.int().nullable(),
  customer: z.string().nullable(),
  reservedUntil: instant.nullable(),
  deliveryNote: z.string().nullable().describe('delivery note that it left with'),
  dispatchedAt: instant.nullable(),
  deliveredAt: instant.nullable(),
  announcedWeightKg: kg.nullable(),
  openDifferenceKg: kg.nullable().describe('received minus announced, beyond tolerance, waiting to be accepted'),
  remarks: z.string().nullable(),
  changedAt: instant,
  revision: z.int(),
})

export type StockCoil = z.output<typeof stockCoil>

/** As the database gives it; JSON makes ISO instants of the dates. */
export type StockCoilRow = Pick<CoilRow, keyof StockCoil & keyof CoilRow>

export const STOCK_COIL_COLUMNS = Object.keys(stockCoil.shape) as (keyof StockCoilRow)[]

// A date column would come as midnight of the machine's time zone.
const selected: Partial<Record<keyof StockCoilRow, string>> = {
  producedOn: `to_char("producedOn", 'YYYY-MM-DD') AS "producedOn"`,
}

export const selectStockCoil = STOCK_COIL_COLUMNS.map((column) => selected[column] ?? `"${column}"`).join(', ')

export function asStockCoil(row: StockCoilRow): StockCoil {
  return { ...row, location: row.location || null } as unknown as StockCoil
}
