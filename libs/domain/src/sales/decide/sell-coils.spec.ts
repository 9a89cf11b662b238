import {
  coilHeld,
  coilReceived,
  coilReserved,
  coilSold,
  coilsReserved,
  orderLine,
  partnerRegistered,
  salesMandateGranted,
  salesOrderPlaced,
} from '#test/support/facts'
import { given } from '#test/support/given'
import { market, ownCoil, sell } from '#test/support/sales'

const over = { until: '2026-11-10T12:00:00.000Z' }

describe('selling coils', () => {
  it('rule 3: sells a coil that is reserved for this line, and one that is free', () => {
    given(...market, ownCoil('AZ-1'), coilsReserved(), coilReserved(), ownCoil('AZ-2'))
      .when(sell(['AZ-1', 'AZ-2']))
      .thenRecorded(
        { type: 'CoilsSold', data: { salesOrder: 'SO-1', line: 1, coils: [{ coil: 'AZ-1' }, { coil: 'AZ-2' }] } },
        { type: 'CoilSold', data: { coil: 'AZ-1', customer: 'METALCO', owner: 'ALRO', netWeightKg: 6853 } },
        { type: 'CoilSold', data: { coil: 'AZ-2' } },
      )
  })

  it('rule 3: never sells a coil twice, not even to the same customer', () => {
    given(...market, ownCoil(), coilSold({ owner: 'ALRO' }))
      .when(sell(['AZ-1']))
      .thenRefused('coil-sold', { coil: 'AZ-1', salesOrder: 'SO-1', customer: 'METALCO' })
  })

  it('rule 3: does not sell what another order, or another line of this one, has reserved', () => {
    const lines = [orderLine(), orderLine({ line: 2 })]
    const known = [...market, salesOrderPlaced({ lines }), salesOrderPlaced({ salesOrder: 'SO-2' }), ownCoil()]
    const reserved = given(...known, coilReserved())
    reserved.when(sell(['AZ-1'], { order: 'SO-2' })).thenRefused('coil-reserved', { salesOrder: 'SO-1' })
    reserved.when(sell(['AZ-1'], { line: 2 })).thenRefused('coil-reserved', { salesOrder: 'SO-1' })
  })

  it('ends another order’s reservation that is over, and sells', () => {
    given(...market, salesOrderPlaced({ salesOrder: 'SO-2' }), ownCoil(), coilsReserved(over), coilReserved(over))
      .when(sell(['AZ-1'], { order: 'SO-2' }))
      .thenRecorded(
        { type: 'ReservationExpired', data: { salesOrder: 'SO-1', coils: ['AZ-1'] } },
        { type: 'CoilReservationExpired', data: { salesOrder: 'SO-1' } },
        { type: 'CoilsSold', data: { salesOrder: 'SO-2' } },
        { type: 'CoilSold', data: { salesOrder: 'SO-2' } },
      )
  })

  it('rule 2: does not sell a coil that was put on hold after it was reserved', () => {
    given(...market, ownCoil(), coilsReserved(), coilReserved(), coilHeld())
      .when(sell(['AZ-1']))
      .thenRefused('coil-on-hold', { coil: 'AZ-1' })
  })

  it('rule 8: sells another’s metal under a mandate, and records which', () => {
    const owned = [...market, partnerRegistered({ partner: 'AZAL' }), coilReceived({ owner: 'AZAL' })]
    given(...owned)
      .when(sell(['AZ-1']))
      .thenRefused('no-sales-mandate', { owner: 'AZAL' })
    given(...owned, salesMandateGranted())
      .when(sell(['AZ-1']))
      .thenRecorded({ type: 'CoilsSold' }, { type: 'CoilSold', data: { owner: 'AZAL', mandate: 'MANDATE-1' } })
  })

  it('does not ask again why a coil deviates that was reserved with a reason', () => {
    const product = { form: 'coil', alloy: 'EN AW-8011A', temper: 'F', gaugeMm: 5, widthMm: 1250 } as const
    const deviation = 'agreed by mail'
    given(...market, ownCoil('AZ-1', { product }), coilsReserved({ deviation }), coilReserved({ deviation }))
      .when(sell(['AZ-1']))
      .thenRecorded({ type: 'CoilsSold' }, { type: 'CoilSold', data: { deviation } })
    given(...market, ownCoil('AZ-1', { product }))
      .when(sell(['AZ-1']))
      .thenRefused('coil-off-specification')
  })

  it('does not deliver more than the line asks for by selling free coils beside the reserved ones', () => {
    given(
      ...market,
      ownCoil('AZ-1', { netWeightKg: 20_000 }),
      coilsReserved({ coils: [{ coil: 'AZ-1', kg: 20_000 }] }),
      coilReserved(),
      ownCoil('AZ-2', { netWeightKg: 2001 }),
    )
      .when(sell(['AZ-2']))
      .thenRefused('line-exceeded', { orderedKg: 20_000, mostKg: 22_000, kg: 22_001 })
  })
})
