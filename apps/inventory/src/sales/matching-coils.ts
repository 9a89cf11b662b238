import { Injectable } from '@nestjs/common'
import { z } from 'zod'
import type { PlantSettings } from '#domain/plant/events'
import type { PartnerState } from '#domain/plant/state'
import { specification } from '#domain/sales/events'
import { mandateFor } from '#domain/sales/mandate'
import { Clock } from '#platform/clock'
import { InjectReader, Reader } from '#platform/read-model/reader'
import { unknown } from '../http/query.js'
import { Reference } from '../plant/reference.js'
import { asStockCoil, type StockCoilRow, selectStockCoil, stockCoil } from '../stock/stock-coil.js'
import { type Points, pointsOf, type Wanted } from './ranking.js'
import { SalesOrders } from './sales-orders.js'

const match = z.strictObject({
  rank: z.int(),
  points: z.number().describe('of 100'),
  why: z.array(z.string()),
  sellable: z.boolean().describe('it is the plant’s own, or its owner’s mandate is in force'),
  mandate: z.string().nullable(),
  coil: stockCoil,
})

export const matches = z.strictObject({
  salesOrder: z.string(),
  line: z.int(),
  specification,
  openKg: z.int().describe('what the line still needs'),
  mostKg: z.int().describe('the same, with the tolerance'),
  items: z.array(match),
})

/** More than anybody reads; the ranking looks at the oldest of them. */
const MOST_CANDIDATES = 2_000

@Injectable()
export class MatchingCoils {
  constructor(
    @InjectReader('inventory') private readonly reader: Reader,
    private readonly orders: SalesOrders,
    private readonly reference: Reference,
    private readonly clock: Clock,
  ) {}

  async for(salesOrder: string, number: number, limit: number) {
    const order = await this.orders.get(salesOrder)
    const line = order.lines.find((line) => line.line === number)
    if (!line) throw unknown('order line', `${salesOrder}/${number}`)
    const { specification, openKg } = line
    const mostKg = Math.max(0, Math.floor(openKg + (line.kg * line.tolerancePercent) / 100))
    const wanted: Wanted = { specification, openKg, mostKg }
    const [candidates, mandates] = await Promise.all([this.candidates(wanted), this.mandates()])
    const now = this.clock.now()
    const ranked = candidates
      .map((coil) => ({ coil, ...pointsOf(coil, wanted, now), ...mandates(coil.owner) }))
      .sort(best)
      .slice(0, limit)
    return {
      salesOrder,
      line: number,
      specification,
      openKg,
      mostKg,
      items: ranked.map(({ coil, points, why, sellable, mandate }, n) => ({
        rank: n + 1,
        points,
        why: sellable ? why : [`${coil.owner} has given no mandate to sell it`, ...why],
        sellable,
        mandate,
        coil: asStockCoil(coil),
      })),
    }
  }

  private candidates({ specification: { alloy, temper, form, gaugeMm, widthMm } }: Wanted): Promise<StockCoilRow[]> {
    return this.reader.query(
      `SELECT ${selectStockCoil} FROM coils
       WHERE "onHand" AND "available" AND "alloy" = $1 AND "temper" = $2 AND "form" = $3
         AND "gaugeMm" BETWEEN $4 AND $5 AND "widthMm" BETWEEN $6 AND $7
       ORDER BY "enteredAt", "coil" LIMIT ${MOST_CANDIDATES}`,
      [alloy, temper, form, gaugeMm.min, gaugeMm.max, widthMm.min, widthMm.max],
    )
  }

  /** Rule 8: an owner's metal is sold under the owner's mandate only; on which day, the plant's clock says. */
  private async mandates(): Promise<(owner: string) => { sellable: boolean; mandate: string | null }> {
    const [plant, partners] = await Promise.all([
      this.reference.one<PlantSettings>('plant', 'main'),
      this.reference.all<PartnerState>('partner'),
    ])
    if (!plant) return () => ({ sellable: false, mandate: null })
    const today = this.clock.now().toISOString()
    return (owner) => {
      const mandate = mandateFor({ owner }, { plant, owners: partners }, today) ?? null
      return { sellable: owner === plant.company || mandate !== null, mandate }
    }
  }
}

type Ranked = Points & { readonly coil: StockCoilRow; readonly sellable: boolean }

function best(one: Ranked, other: Ranked): number {
  return (
    Number(other.sellable) - Number(one.sellable) ||
    Number(one.overfills) - Number(other.overfills) ||
    other.points - one.points ||
    (one.coil.coil < other.coil.coil ? -1 : 1)
  )
}
