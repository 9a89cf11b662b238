import type { ArrivalEvent } from '#domain/arrivals/events'
import type { SalesEvent } from '#domain/sales/events'
import { also, because, count, kg, list, minute } from './phrases.js'
import type { Sentences } from './sentences.js'

const coilsOf = (coils: readonly { coil: string }[]) => list(coils.map(({ coil }) => coil))

export const aboutTrade: Sentences<ArrivalEvent['type'] | SalesEvent['type']> = {
  PackingListAccepted: (d) =>
    `Packing list ${d.packingList} of ${d.supplier} accepted: ${count(d.coils.length, 'coil')}, ${kg(d.kg)}${
      d.rowsLeftOut > 0 ? `; ${count(d.rowsLeftOut, 'faulty row')} left out` : ''
    }`,
  SalesOrderPlaced: (d) =>
    `Order ${d.salesOrder} of ${d.customer} placed${also(d.reference, ', their number ')}: ${count(d.lines.length, 'line')}, ${kg(
      d.lines.reduce((sum, line) => sum + line.kg, 0),
    )}`,
  CoilsReserved: (d) =>
    `${coilsOf(d.coils)} reserved for order ${d.salesOrder} line ${d.line} until ${minute(d.until)}`,
  ReservationExtended: (d) =>
    `Reservation of ${list(d.coils)} for order ${d.salesOrder} extended until ${minute(d.until)}`,
  ReservationReleased: (d) => `Reservation of ${list(d.coils)} for order ${d.salesOrder} released${because(d.reason)}`,
  ReservationExpired: (d) =>
    `Reservation of ${list(d.coils)} for order ${d.salesOrder} expired: it was until ${minute(d.until)}`,
  CoilsSold: (d) => `${coilsOf(d.coils)} sold on order ${d.salesOrder} line ${d.line}`,
  SaleCancelled: (d) => `Sale of ${coilsOf(d.coils)} on order ${d.salesOrder} cancelled${because(d.reason)}`,
  GoodsDispatched: (d) =>
    `${coilsOf(d.coils)} dispatched for order ${d.salesOrder} with delivery note ${d.deliveryNote}, ${kg(d.kg)}`,
  GoodsDelivered: (d) => `${list(d.coils)} delivered for order ${d.salesOrder} with delivery note ${d.deliveryNote}`,
  GoodsReturned: (d) => `${coilsOf(d.coils)} returned from order ${d.salesOrder}${because(d.reason)}`,
  SalesOrderCancelled: (d) => `Order ${d.salesOrder} cancelled${because(d.reason)}`,
  DeliveryNoteIssued: (d) =>
    `Delivery note ${d.deliveryNote} issued by ${d.issuedBy} for ${d.customer}, order ${d.salesOrder}: ${coilsOf(d.coils)}, ${kg(d.kg)}${also(d.carrier, ', carrier ')}${also(d.vehicle, ', vehicle ')}`,
}
