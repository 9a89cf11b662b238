import { coilReserved, coilSold, coilsReserved, coilsSold } from '#test/support/facts'
import { given } from '#test/support/given'
import { expire, extend, market, ownCoil, release } from '#test/support/sales'

const both = {
  coils: [
    { coil: 'AZ-1', kg: 6853 },
    { coil: 'AZ-2', kg: 6853 },
  ],
}
const reserved = (until = '2026-11-17T12:00:00.000Z') => [
  ...market,
  ownCoil('AZ-1'),
  ownCoil('AZ-2'),
  coilsReserved({ ...both, until }),
  coilReserved({ until }),
  coilReserved({ coil: 'AZ-2', until }),
]
const NOW = '2026-11-10T12:00:00.000Z'

describe('releasing reserved coils', () => {
  it('frees what is named and leaves the rest reserved', () => {
    given(...reserved())
      .when(release({ coils: ['AZ-2'] }))
      .thenRecorded(
        { type: 'ReservationReleased', data: { reservation: 'reservation-1', coils: ['AZ-2'], reason: 'not needed' } },
        { type: 'CoilReservationReleased', data: { coil: 'AZ-2', reservation: 'reservation-1' } },
      )
  })

  it('frees what is left of a reservation', () => {
    given(...reserved(), coilsSold(), coilSold({ owner: 'ALRO' }))
      .when(release({ reservation: 'reservation-1' }))
      .thenRecorded({ type: 'ReservationReleased', data: { coils: ['AZ-2'] } }, { type: 'CoilReservationReleased' })
  })

  it('is refused for coils that this line has not reserved', () => {
    given(...reserved(), coilsSold(), coilSold({ owner: 'ALRO' }))
      .when(release({ coils: ['AZ-1'] }))
      .thenRefused('coil-not-reserved', { coil: 'AZ-1', salesOrder: 'SO-1', line: 1 })
    given(...reserved())
      .when(release({ reservation: 'reservation-9' }))
      .thenRefused('unknown-reservation')
  })
})

describe('extending a reservation', () => {
  it('moves its end for all its coils', () => {
    const change = { previousUntil: '2026-11-17T12:00:00.000Z', until: '2026-11-24T12:00:00.000Z' }
    given(...reserved())
      .when(extend('reservation-1', '2026-11-24T12:00:00Z'))
      .thenRecorded(
        { type: 'ReservationExtended', data: { coils: ['AZ-1', 'AZ-2'], ...change } },
        { type: 'CoilReservationExtended', data: { coil: 'AZ-1', ...change } },
        { type: 'CoilReservationExtended', data: { coil: 'AZ-2', ...change } },
      )
  })

  it('is refused once it is over, into the past, and beyond 90 days', () => {
    given(...reserved(NOW))
      .when(extend('reservation-1', '2026-11-24T12:00:00Z'))
      .thenRefused('reservation-over', { until: NOW })
    given(...reserved())
      .when(extend('reservation-1', '2026-11-09T12:00:00Z'))
      .thenRefused('reservation-in-the-past')
    given(...reserved())
      .when(extend('reservation-1', '2027-06-01T12:00:00Z'))
      .thenRefused('reservation-too-long')
  })
})

describe('the end of a reservation', () => {
  it('is recorded on the order and on every coil that is still reserved by it', () => {
    given(...reserved(NOW), coilsSold(), coilSold({ owner: 'ALRO' }))
      .when(expire('reservation-1'))
      .thenRecorded(
        { type: 'ReservationExpired', data: { reservation: 'reservation-1', coils: ['AZ-2'], until: NOW } },
        { type: 'CoilReservationExpired', data: { coil: 'AZ-2', until: NOW } },
      )
  })

  it('does not come before its time', () => {
    given(...reserved('2026-11-10T12:00:00.001Z'))
      .when(expire('reservation-1'))
      .thenRecorded()
  })
})
