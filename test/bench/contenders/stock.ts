/**
 * A projection simple enough to be written the same way for every contender: what each coil is, and how many lie in each
 * place. Nearly every event of the history changes one row.
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
  quality: string
  customer: string
}

interface PlaceRow {
  location: string
  coils: number
}

/** What both read of an event's data. */
export interface StockFact {
  readonly coil: string
  readonly product: { readonly alloy: string; readonly gaugeMm: number; readonly widthMm: number }
  readonly netWeightKg: number
  readonly location: string
  readonly to: string
  readonly result: string
  readonly customer: string
}

export const STOCK_EVENTS = [
  'CoilReceived',
  'CoilProduced',
  'CoilMoved',
  'CoilWeighed',
  'CoilInspected',
  'CoilHeld',
  'CoilReleased',
  'CoilReserved',
  'CoilSold',
  'CoilConsumed',
  'CoilDispatched',
  'CoilStored',
  'CoilTaken',
] as const

const stock = table<StockRow>({
  name: 'stock',
  primaryKey: ['coil'],
  partnersSee: 'nothing',
  columns: {
    coil: 'text',
    alloy: 'text',
    gaugeMm: 'double precision',
    widthMm: 'double precision',
    netWeightKg: 'integer',
    location: 'text',
    holds: 'integer',
    quality: 'text',
    customer: 'text',
  },
})

const places = table<PlaceRow>({
  name: 'places',
  primaryKey: ['location'],
  partnersSee: 'nothing',
  columns: { location: 'text', coils: 'integer' },
})

export const stockProjection: Projection = {
  name: 'bench_stock',
  version: 1,
  tables: [stock, places],
  keys({ type, data }) {
    if (!(STOCK_EVENTS as readonly string[]).includes(type) || type === 'CoilStored' || type === 'CoilTaken') return []
    return [row(stock, (data as StockFact).coil)]
  },
  apply({ type, data }, rows) {
    const { coil, product, netWeightKg, location, to, result, customer } = data as StockFact
    switch (type) {
      case 'CoilReceived':
      case 'CoilProduced': {
        const { alloy, gaugeMm, widthMm } = product
        const fresh = { holds: 0, quality: '', customer: '' }
        return rows.put(stock, { coil, alloy, gaugeMm, widthMm, netWeightKg, location, ...fresh })
      }
      case 'CoilMoved':
        return rows.change(stock, coil, { location: to })
      case 'CoilWeighed':
        return rows.change(stock, coil, { netWeightKg })
      case 'CoilInspected':
        return rows.change(stock, coil, { quality: result })
      case 'CoilHeld':
        return rows.change(stock, coil, { holds: rows.get(stock, coil)!.holds + 1 })
      case 'CoilReleased':
        return rows.change(stock, coil, { holds: rows.get(stock, coil)!.holds - 1 })
      case 'CoilReserved':
      case 'CoilSold':
        return rows.change(stock, coil, { customer })
      case 'CoilConsumed':
      case 'CoilDispatched':
        return rows.delete(stock, coil)
      case 'CoilStored':
        return rows.add(places, location, { coils: 1 })
      case 'CoilTaken':
        return rows.add(places, location, { coils: -1 })
    }
  },
}
