/**
 * A projection simple enough to be written the same way for every contender: what lies where. The coil's facts make one
 * row, which half of them change later.
 */
import type { Projection } from '#projection/projection'
import { row, table } from '#projection/projection'

interface StockRow {
  coil: string
  alloy: string
  gaugeMm: number
  widthMm: number
  netWeightKg: number
  location: string
  holds: number
}

/** What both read of an event's data. */
export interface StockFact {
  readonly coil: string
  readonly product: { readonly alloy: string; readonly gaugeMm: number; readonly widthMm: number }
  readonly netWeightKg: number
  readonly location: string
  readonly to: string
}

export const STOCK_EVENTS = [
  'CoilReceived',
  'CoilProduced',
  'CoilMoved',
  'CoilWeighed',
  'CoilHeld',
  'CoilReleased',
  'CoilConsumed',
  'CoilDispatched',
] as const

const stock = table<StockRow>({
  name: 'stock',
  primaryKey: ['coil'],
  columns: {
    coil: 'text',
    alloy: 'text',
    gaugeMm: 'double precision',
    widthMm: 'double precision',
    netWeightKg: 'integer',
    location: 'text',
    holds: 'integer',
  },
})

export const stockProjection: Projection = {
  name: 'bench_stock',
  version: 1,
  tables: [stock],
  keys: ({ type, data }) =>
    (STOCK_EVENTS as readonly string[]).includes(type) ? [row(stock, (data as StockFact).coil)] : [],
  apply({ type, data }, rows) {
    const { coil, product, netWeightKg, location, to } = data as StockFact
    switch (type) {
      case 'CoilReceived':
      case 'CoilProduced': {
        const { alloy, gaugeMm, widthMm } = product
        return rows.put(stock, { coil, alloy, gaugeMm, widthMm, netWeightKg, location, holds: 0 })
      }
      case 'CoilMoved':
        return rows.change(stock, coil, { location: to })
      case 'CoilWeighed':
        return rows.change(stock, coil, { netWeightKg })
      case 'CoilHeld':
        return rows.change(stock, coil, { holds: rows.get(stock, coil)!.holds + 1 })
      case 'CoilReleased':
        return rows.change(stock, coil, { holds: rows.get(stock, coil)!.holds - 1 })
      case 'CoilConsumed':
      case 'CoilDispatched':
        return rows.delete(stock, coil)
    }
  },
}
