import type { PlantFact } from '../events.js'
import { sumKg } from '../mass.js'
import { deliveryNoteStream, type StreamKind, salesOrderStream } from '../streams.js'
import type { OrderLine } from './events.js'

/** How far a coil has come on its way to the customer. */
export type Stage = 'reserved' | 'sold' | 'dispatched' | 'delivered'

/** A coil that a line of an order has now. */
export interface CoilOnOrder {
  readonly coil: string
  readonly line: number
  /** Net weight when it was reserved, sold or dispatched, whichever was last. */
  readonly kg: number
  readonly stage: Stage
  /** Of a reserved one: the reservation, and its end, ISO 8601 in UTC. */
  readonly reservation?: string
  readonly until?: string
  /** Of one that left. */
  readonly deliveryNote?: string
}

export interface SalesOrder {
  readonly salesOrder: string
  readonly customer: string
  readonly lines: readonly OrderLine[]
  readonly cancelled: boolean
  readonly coils: ReadonlyMap<string, CoilOnOrder>
  /** Kg that came back, by line, with the weight they had when they left. */
  readonly returnedKg: ReadonlyMap<number, number>
}

/** Where a line stands: each kilogram is in one place. Whole kg. */
export interface LineProgress {
  readonly orderedKg: number
  readonly reservedKg: number
  readonly soldKg: number
  readonly dispatchedKg: number
  readonly deliveredKg: number
  /** Came back since; counts for nothing else. */
  readonly returnedKg: number
}

export const coilsOfLine = (order: SalesOrder, line: number): CoilOnOrder[] =>
  [...order.coils.values()].filter((coil) => coil.line === line)

export function progressOf(order: SalesOrder, line: OrderLine): LineProgress {
  const coils = coilsOfLine(order, line.line)
  const kgAt = (stage: Stage) => sumKg(coils.filter((coil) => coil.stage === stage).map((coil) => coil.kg))
  return {
    orderedKg: line.kg,
    reservedKg: kgAt('reserved'),
    soldKg: kgAt('sold'),
    dispatchedKg: kgAt('dispatched'),
    deliveredKg: kgAt('delivered'),
    returnedKg: order.returnedKg.get(line.line) ?? 0,
  }
}

export const salesOrders: StreamKind<SalesOrder> = { thing: 'sales-order', stream: salesOrderStream, evolve }

function evolve(order: SalesOrder | undefined, { type, data }: PlantFact): SalesOrder | undefined {
  if (type === 'SalesOrderPlaced') {
    const { salesOrder, customer, lines } = data
    return { salesOrder, customer, lines, cancelled: false, coils: new Map(), returnedKg: new Map() }
  }
  if (!order) return undefined
  switch (type) {
    case 'CoilsReserved': {
      const { line, reservation, until } = data
      return put(
        order,
        data.coils.map(({ coil, kg }) => ({ coil, line, kg, stage: 'reserved', reservation, until })),
      )
    }
    case 'ReservationExtended':
      return change(order, data.coils, { until: data.until })
    case 'ReservationReleased':
    case 'ReservationExpired':
      return without(order, data.coils)
    case 'CoilsSold':
      return put(
        order,
        data.coils.map(({ coil, kg }) => ({ coil, line: data.line, kg, stage: 'sold' })),
      )
    case 'SaleCancelled':
      return without(order, numbersOf(data.coils))
    case 'GoodsDispatched':
      return put(
        order,
        data.coils.map((parcel) => ({ ...parcel, stage: 'dispatched', deliveryNote: data.deliveryNote })),
      )
    case 'GoodsDelivered':
      return change(order, data.coils, { stage: 'delivered' })
    case 'GoodsReturned': {
      const returnedKg = new Map(order.returnedKg)
      for (const { line, kg } of data.coils) returnedKg.set(line, (returnedKg.get(line) ?? 0) + kg)
      return { ...without(order, numbersOf(data.coils)), returnedKg }
    }
    case 'SalesOrderCancelled':
      return { ...order, cancelled: true }
    default:
      return order
  }
}

const numbersOf = (coils: readonly { coil: string }[]): string[] => coils.map(({ coil }) => coil)

function put(order: SalesOrder, changed: readonly CoilOnOrder[]): SalesOrder {
  const coils = new Map(order.coils)
  for (const coil of changed) coils.set(coil.coil, coil)
  return { ...order, coils }
}

function change(order: SalesOrder, numbers: readonly string[], fields: Partial<CoilOnOrder>): SalesOrder {
  return put(
    order,
    numbers.flatMap((coil) => {
      const known = order.coils.get(coil)
      return known ? [{ ...known, ...fields }] : []
    }),
  )
}

function without(order: SalesOrder, numbers: readonly string[]): SalesOrder {
  const coils = new Map(order.coils)
  for (const coil of numbers) coils.delete(coil)
  return { ...order, coils }
}

export interface DeliveryNote {
  readonly deliveryNote: string
  readonly salesOrder: string
}

export const deliveryNotes: StreamKind<DeliveryNote> = {
  thing: 'delivery-note',
  stream: deliveryNoteStream,
  evolve: (note, { type, data }) =>
    type === 'DeliveryNoteIssued' ? { deliveryNote: data.deliveryNote, salesOrder: data.salesOrder } : note,
}
