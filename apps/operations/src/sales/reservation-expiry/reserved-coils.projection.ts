import { readFact } from '#domain/events'
import { type Projection, row, table } from '#projection/projection'

/** A coil with a reservation on it: what there is to watch, and no more. */
export interface ReservedCoil {
  coil: string
  salesOrder: string
  reservation: string
  until: Date
}

export const reservedCoils = table<ReservedCoil>({
  name: 'reserved_coils',
  partnersSee: 'nothing',
  primaryKey: ['coil'],
  columns: { coil: 'text', salesOrder: 'text', reservation: 'text', until: 'timestamptz' },
  indexes: ['("until")'],
})

/** The write side's own small memory of which reservations end when; rows come and go with them. */
export const operationsProjection: Projection = {
  name: 'operations',
  version: 1,
  tables: [reservedCoils],
  keys: (event) =>
    event.type === 'CoilReservationExtended' ? [row(reservedCoils, (event.data as { coil: string }).coil)] : [],
  apply(event, rows) {
    // Nearly all events are of no interest here, and need not be understood.
    if (!RESERVING.has(event.type)) return
    const { type, data } = readFact(event)
    switch (type) {
      case 'CoilReserved': {
        const { coil, salesOrder, reservation, until } = data
        return rows.put(reservedCoils, { coil, salesOrder, reservation, until: new Date(until) })
      }
      case 'CoilReservationExtended':
        return rows.change(reservedCoils, data.coil, { until: new Date(data.until) })
      case 'CoilReservationReleased':
      case 'CoilReservationExpired':
      case 'CoilSold':
        return rows.delete(reservedCoils, data.coil)
    }
  },
}

const RESERVING = new Set([
  'CoilReserved',
  'CoilReservationExtended',
  'CoilReservationReleased',
  'CoilReservationExpired',
  'CoilSold',
])
