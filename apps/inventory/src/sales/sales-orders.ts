import { Injectable } from '@nestjs/common'
import type { z } from 'zod'
import { InjectReader, Reader } from '#platform/read-model/reader'
import { unknown } from '../http/query.js'
import type { salesOrder } from './sales-order.schema.js'
import type { OrderCoilRow, SalesOrderRow } from './sales-order-rows.js'

type Amount = { readonly line: number; readonly state: OrderCoilRow['state']; readonly kg: number }
type WithAmounts = SalesOrderRow & { readonly amounts: readonly Amount[] | null }
export type SalesOrderView = Omit<z.output<typeof salesOrder>, 'placedAt' | 'cancelledAt'> &
  Pick<SalesOrderRow, 'placedAt' | 'cancelledAt'>

/** One statement for the order and the kilograms of its lines by state. */
export const SELECT_ORDERS = `SELECT o.*, a."amounts" FROM sales_orders o
  LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object('line', "line", 'state', "state", 'kg', "kg")) AS "amounts" FROM (
      SELECT "line", "state", sum("kg") AS "kg" FROM order_coils c WHERE c."salesOrder" = o."salesOrder"
      GROUP BY "line", "state") s) a ON true`

@Injectable()
export class SalesOrders {
  constructor(@InjectReader('inventory') private readonly reader: Reader) {}

  /** @throws Problem 404 */
  async get(number: string): Promise<SalesOrderView> {
    const [row] = await this.reader.query<WithAmounts[]>(`${SELECT_ORDERS} WHERE o."salesOrder" = $1`, [number])
    if (!row) throw unknown('sales order', number)
    return asSalesOrder(row)
  }

  coils(number: string): Promise<OrderCoilRow[]> {
    return this.reader.query(
      `SELECT "coil", "line", "kg", "state", "reservation", "reservedUntil", "deliveryNote", "since"
       FROM order_coils WHERE "salesOrder" = $1 ORDER BY "line", "coil"`,
      [number],
    )
  }

  async deliveryNotes(number: string): Promise<string[]> {
    const rows = await this.reader.query<{ deliveryNote: string }[]>(
      `SELECT "deliveryNote" FROM delivery_notes WHERE "salesOrder" = $1 ORDER BY "issuedAt", "deliveryNote"`,
      [number],
    )
    return rows.map(({ deliveryNote }) => deliveryNote)
  }
}

export function asSalesOrder({ amounts, ...order }: WithAmounts): SalesOrderView {
  const lines = order.lines.map((line) => {
    const of = (state: Amount['state']) =>
      (amounts ?? []).find((amount) => amount.line === line.line && amount.state === state)?.kg ?? 0
    const given = {
      reservedKg: of('reserved'),
      soldKg: of('sold'),
      dispatchedKg: of('dispatched'),
      deliveredKg: of('delivered'),
    }
    const promised = given.reservedKg + given.soldKg + given.dispatchedKg + given.deliveredKg
    return {
      ...line,
      orderedKg: line.kg,
      ...given,
      returnedKg: of('returned'),
      openKg: Math.max(0, line.kg - promised),
    }
  })
  const sum = (
    field: 'orderedKg' | 'reservedKg' | 'soldKg' | 'dispatchedKg' | 'deliveredKg' | 'returnedKg' | 'openKg',
  ) => lines.reduce((total, line) => total + line[field], 0)
  const fulfilled = lines.every((line) => line.deliveredKg >= line.kg * (1 - line.tolerancePercent / 100))
  return {
    ...order,
    state: order.cancelledAt ? 'cancelled' : fulfilled ? 'fulfilled' : 'open',
    lines,
    orderedKg: sum('orderedKg'),
    reservedKg: sum('reservedKg'),
    soldKg: sum('soldKg'),
    dispatchedKg: sum('dispatchedKg'),
    deliveredKg: sum('deliveredKg'),
    returnedKg: sum('returnedKg'),
    openKg: sum('openKg'),
  }
}
