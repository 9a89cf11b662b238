import { type OrderLine, type SalesEvent, salesEvents } from '#domain/sales/events'
import type { RecordedEvent } from '#event-store/event-store'
import { type RowKey, type Rows, row, table } from '#projection/projection'
import { occurredAt, type Part } from '../projection/part.js'

export interface SalesOrderRow {
  salesOrder: string
  revision: number
  customer: string
  reference: string | null
  remarks: string | null
  lines: OrderLine[]
  placedAt: Date
  cancelledAt: Date | null
  cancelReason: string | null
}

export const salesOrders = table<SalesOrderRow>({
  name: 'sales_orders',
  partnersSee: 'nothing',
  primaryKey: ['salesOrder'],
  columns: {
    salesOrder: 'text',
    revision: 'integer',
    customer: 'text',
    reference: 'text null',
    remarks: 'text null',
    lines: 'jsonb',
    placedAt: 'timestamptz',
    cancelledAt: 'timestamptz null',
    cancelReason: 'text null',
  },
  indexes: ['("placedAt", "salesOrder")', '("customer", "placedAt")'],
})

/** A coil that an order's line has, or had. A reservation that ended leaves no row: the timeline tells it. */
export interface OrderCoilRow {
  salesOrder: string
  coil: string
  line: number
  kg: number
  state: 'reserved' | 'sold' | 'dispatched' | 'delivered' | 'returned'
  reservation: string | null
  reservedUntil: Date | null
  deliveryNote: string | null
  since: Date
}

export const orderCoils = table<OrderCoilRow>({
  name: 'order_coils',
  partnersSee: 'nothing',
  primaryKey: ['salesOrder', 'coil'],
  columns: {
    salesOrder: 'text',
    coil: 'text',
    line: 'integer',
    kg: 'integer',
    state: 'text',
    reservation: 'text null',
    reservedUntil: 'timestamptz null',
    deliveryNote: 'text null',
    since: 'timestamptz',
  },
  indexes: [
    '("coil")',
    '("deliveryNote") WHERE "deliveryNote" IS NOT NULL',
    '("reservedUntil") WHERE "state" = \'reserved\'',
  ],
})

export interface DeliveryNoteRow {
  deliveryNote: string
  revision: number
  salesOrder: string
  customer: string
  coils: { coil: string; line: number; kg: number }[]
  kg: number
  carrier: string | null
  vehicle: string | null
  issuedBy: string
  issuedAt: Date
}

export const deliveryNotes = table<DeliveryNoteRow>({
  name: 'delivery_notes',
  partnersSee: 'nothing',
  primaryKey: ['deliveryNote'],
  columns: {
    deliveryNote: 'text',
    revision: 'integer',
    salesOrder: 'text',
    customer: 'text',
    coils: 'jsonb',
    kg: 'integer',
    carrier: 'text null',
    vehicle: 'text null',
    issuedBy: 'text',
    issuedAt: 'timestamptz',
  },
  indexes: ['("salesOrder")'],
})

export const sales: Part<SalesEvent> = {
  tables: [salesOrders, orderCoils, deliveryNotes],
  catalog: salesEvents,
  reads: (fact) =>
    fact.type === 'DeliveryNoteIssued'
      ? []
      : [row(salesOrders, fact.data.salesOrder), ...coilsOf(fact).map((coil) => orderCoil(fact.data.salesOrder, coil))],
  apply(fact, event, rows) {
    const { type, data } = fact
    const at = occurredAt(event)
    if (type === 'DeliveryNoteIssued') {
      const { carrier = null, vehicle = null, ...issued } = data
      rows.put(deliveryNotes, { ...issued, carrier, vehicle, revision: event.revision, issuedAt: at })
      return
    }
    if (type === 'SalesOrderPlaced') {
      rows.put(salesOrders, {
        salesOrder: data.salesOrder,
        revision: event.revision,
        customer: data.customer,
        reference: data.reference ?? null,
        remarks: data.remarks ?? null,
        lines: data.lines,
        placedAt: at,
        cancelledAt: null,
        cancelReason: null,
      })
      return
    }
    rows.change(salesOrders, data.salesOrder, {
      revision: event.revision,
      ...(type === 'SalesOrderCancelled' && { cancelledAt: at, cancelReason: data.reason }),
    })
    changeCoils(fact, event, rows)
  },
}

const nothing = { reservation: null, reservedUntil: null, deliveryNote: null }

function changeCoils({ type, data }: SalesEvent, event: RecordedEvent, rows: Rows): void {
  const since = occurredAt(event)
  const { salesOrder } = data
  const change = (coils: readonly string[], columns: Partial<OrderCoilRow>) => {
    for (const coil of coils) rows.change(orderCoils, [salesOrder, coil], { ...columns, since })
  }
  switch (type) {
    case 'CoilsReserved':
      for (const { coil, kg } of data.coils) {
        const { line, reservation, until } = data
        const reservedUntil = new Date(until)
        rows.put(orderCoils, {
          ...nothing,
          salesOrder,
          coil,
          line,
          kg,
          state: 'reserved',
          reservation,
          reservedUntil,
          since,
        })
      }
      return
    case 'ReservationExtended':
      return change(data.coils, { reservedUntil: new Date(data.until) })
    case 'ReservationReleased':
    case 'ReservationExpired':
      for (const coil of data.coils) rows.delete(orderCoils, [salesOrder, coil])
      return
    case 'CoilsSold':
      for (const { coil, kg } of data.coils) {
        rows.put(orderCoils, { ...nothing, salesOrder, coil, line: data.line, kg, state: 'sold', since })
      }
      return
    case 'SaleCancelled':
      for (const { coil } of data.coils) rows.delete(orderCoils, [salesOrder, coil])
      return
    case 'GoodsDispatched':
      for (const { coil, kg } of data.coils) {
        change([coil], { kg, state: 'dispatched', deliveryNote: data.deliveryNote })
      }
      return
    case 'GoodsDelivered':
      change(data.coils, { state: 'delivered' })
      return
    case 'GoodsReturned':
      change(
        data.coils.map(({ coil }) => coil),
        { state: 'returned' },
      )
  }
}

const orderCoil = (salesOrder: string, coil: string): RowKey => row(orderCoils, [salesOrder, coil])

function coilsOf({ data }: SalesEvent): string[] {
  if (!('coils' in data)) return []
  return data.coils.map((coil) => (typeof coil === 'string' ? coil : coil.coil))
}
