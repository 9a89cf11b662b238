/** How sales change a coil's row. */
import type { CoilEvent } from '#domain/coil/events'
import { grossWeightAfter } from '#domain/coil/state'
import type { CoilRow } from './coil-row.js'

type Change = Partial<CoilRow>

type TradeEvent = Extract<
  CoilEvent,
  {
    type:
      | 'CoilReserved'
      | 'CoilReservationExtended'
      | 'CoilReservationReleased'
      | 'CoilReservationExpired'
      | 'CoilSold'
      | 'CoilSaleCancelled'
      | 'CoilDispatched'
      | 'CoilDelivered'
      | 'CoilReturned'
  }
>

const free = {
  commercial: 'free',
  salesOrder: null,
  salesLine: null,
  customer: null,
  reservation: null,
  reservedUntil: null,
  mandate: null,
  soldAt: null,
} satisfies Change

export function traded(coil: CoilRow, { type, data }: TradeEvent, occurredAt: Date): Change {
  switch (type) {
    case 'CoilReserved':
      return {
        commercial: 'reserved',
        salesOrder: data.salesOrder,
        salesLine: data.line,
        customer: data.customer,
        reservation: data.reservation,
        reservedUntil: new Date(data.until),
      }
    case 'CoilReservationExtended':
      return { reservedUntil: new Date(data.until) }
    case 'CoilReservationReleased':
    case 'CoilReservationExpired':
    case 'CoilSaleCancelled':
      return free
    case 'CoilSold':
      return {
        commercial: 'sold',
        salesOrder: data.salesOrder,
        salesLine: data.line,
        customer: data.customer,
        reservation: null,
        reservedUntil: null,
        mandate: data.mandate ?? null,
        soldAt: occurredAt,
      }
    case 'CoilDispatched':
      return {
        physical: 'dispatched',
        location: '',
        locationSince: null,
        deliveryNote: data.deliveryNote,
        dispatchedAt: occurredAt,
        dispatchedKg: coil.dispatchedKg + data.netWeightKg,
      }
    case 'CoilDelivered':
      return { physical: 'delivered', deliveredAt: occurredAt }
    case 'CoilReturned':
      return {
        ...free,
        physical: 'in-stock',
        location: data.location,
        locationSince: occurredAt,
        netWeightKg: data.netWeightKg,
        grossWeightKg: grossWeightAfter(coil, data.netWeightKg) ?? null,
        returnedKg: coil.returnedKg + data.netWeightKg,
        pack: null,
        deliveryNote: null,
        dispatchedAt: null,
        deliveredAt: null,
      }
  }
}
