import {
  coilAnnounced,
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
import { market, ownCoil, reserve } from '#test/support/sales'

const thin = { form: 'coil', alloy: 'EN AW-8011A', temper: 'F', gaugeMm: 5, widthMm: 1250 } as const
const inTime = { until: '2026-11-17T12:00:00.000Z' }
const over = { until: '2026-11-10T12:00:00.000Z' }

describe('reserving coils', () => {
  it('puts them aside for seven days, on the order and on every coil', () => {
    given(...market, ownCoil('AZ-1'), ownCoil('AZ-2', { netWeightKg: 7000 }))
      .when(reserve(['AZ-1', 'AZ-2']))
      .thenRecorded(
        {
          type: 'CoilsReserved',
          data: {
            salesOrder: 'SO-1',
            line: 1,
            coils: [
              { coil: 'AZ-1', kg: 6853 },
              { coil: 'AZ-2', kg: 7000 },
            ],
            ...inTime,
          },
        },
        { type: 'CoilReserved', data: { coil: 'AZ-1', salesOrder: 'SO-1', customer: 'METALCO', ...inTime } },
        { type: 'CoilReserved', data: { coil: 'AZ-2', ...inTime } },
      )
  })

  it('lasts until when it is told, which is to come, and not more than 90 days off', () => {
    const coils = given(...market, ownCoil())
    coils
      .when(reserve(['AZ-1'], { until: '2027-02-08T14:00:00+02:00' }))
      .thenRecorded({ type: 'CoilsReserved', data: { until: '2027-02-08T12:00:00.000Z' } }, { type: 'CoilReserved' })
    coils.when(reserve(['AZ-1'], { until: '2027-02-08T12:00:00.001Z' })).thenRefused('reservation-too-long')
    coils.when(reserve(['AZ-1'], { until: '2026-11-10T12:00:00Z' })).thenRefused('reservation-in-the-past')
  })

  it('rule 2: is refused for a held coil', () => {
    given(...market, ownCoil(), coilHeld({ reason: 'surface' }))
      .when(reserve(['AZ-1']))
      .thenRefused('coil-on-hold', { coil: 'AZ-1', reason: 'surface' })
  })

  it('rule 3: is refused while another order has it, and while its own line has it already', () => {
    const taken = given(...market, salesOrderPlaced({ salesOrder: 'SO-2' }), ownCoil(), coilReserved())
    taken.when(reserve(['AZ-1'], { order: 'SO-2' })).thenRefused('coil-reserved', { salesOrder: 'SO-1' })
    taken.when(reserve(['AZ-1'])).thenRefused('coil-reserved', { salesOrder: 'SO-1' })
  })

  it('rule 3: is refused for a coil that is sold', () => {
    given(...market, ownCoil(), coilSold({ salesOrder: 'SO-9' }))
      .when(reserve(['AZ-1']))
      .thenRefused('coil-sold', { coil: 'AZ-1', salesOrder: 'SO-9' })
  })

  it('ends a reservation that is over, on the other order’s history too, before it makes its own', () => {
    given(...market, salesOrderPlaced({ salesOrder: 'SO-2' }), ownCoil(), coilsReserved(over), coilReserved(over))
      .when(reserve(['AZ-1'], { order: 'SO-2' }))
      .thenRecorded(
        {
          type: 'ReservationExpired',
          data: { salesOrder: 'SO-1', line: 1, reservation: 'reservation-1', coils: ['AZ-1'] },
        },
        { type: 'CoilReservationExpired', data: { coil: 'AZ-1', salesOrder: 'SO-1' } },
        { type: 'CoilsReserved', data: { salesOrder: 'SO-2' } },
        { type: 'CoilReserved', data: { salesOrder: 'SO-2' } },
      )
  })

  it('is refused for a coil that the line does not ask for, unless somebody says why; the reason is kept', () => {
    const thinner = given(...market, ownCoil('AZ-1', { product: thin }))
    thinner.when(reserve(['AZ-1'])).thenRefused('coil-off-specification', {
      coil: 'AZ-1',
      line: 1,
      differences: ['its gauge is 5 mm, not 6 to 8 mm'],
    })
    const deviation = { reason: 'agreed by mail' }
    thinner
      .when(reserve(['AZ-1'], { deviation }))
      .thenRecorded(
        { type: 'CoilsReserved', data: { deviation: 'agreed by mail' } },
        { type: 'CoilReserved', data: { deviation: 'agreed by mail' } },
      )
  })

  it('keeps no reason where nothing deviates', () => {
    const { facts } = given(...market, ownCoil()).when(reserve(['AZ-1'], { deviation: { reason: 'to be safe' } }))
    expect(facts.filter((fact) => 'deviation' in fact.data)).toEqual([])
  })

  it('is refused beyond the kg of the line and its tolerance, to the kilogram, unless somebody says why', () => {
    const line = orderLine({ kg: 12_740, tolerancePercent: 10 })
    const known = [...market, salesOrderPlaced({ lines: [line] }), coilsReserved(inTime), ownCoil()]
    // 6,853 kg are reserved, 14,014 kg are the most: 7,161 kg fit.
    given(...known, ownCoil('AZ-2', { netWeightKg: 7161 }))
      .when(reserve(['AZ-2']))
      .thenRecorded({ type: 'CoilsReserved' }, { type: 'CoilReserved' })
    const heavier = given(...known, ownCoil('AZ-2', { netWeightKg: 7162 }))
    heavier.when(reserve(['AZ-2'])).thenRefused('line-exceeded', { line: 1, mostKg: 14_014, kg: 14_015 })
    heavier
      .when(reserve(['AZ-2'], { deviation: { reason: 'they take all' } }))
      .thenRecorded({ type: 'CoilsReserved', data: { deviation: 'they take all' } }, { type: 'CoilReserved' })
  })

  it('does not count what the line had reserved until too late', () => {
    const lines = [orderLine({ kg: 7000, tolerancePercent: 0 })]
    given(...market, salesOrderPlaced({ lines }), ownCoil(), ownCoil('AZ-2'), coilsReserved(over), coilReserved(over))
      .when(reserve(['AZ-2']))
      .thenRecorded({ type: 'CoilsReserved' }, { type: 'CoilReserved' })
  })

  it('rule 8: is refused for another’s metal without a mandate on that day in the plant, and allowed with one', () => {
    const owned = [...market, partnerRegistered({ partner: 'AZAL' }), coilReceived({ owner: 'AZAL' })]
    given(...owned)
      .when(reserve(['AZ-1']))
      .thenRefused('no-sales-mandate', { coil: 'AZ-1', owner: 'AZAL', day: '2026-11-10' })
    given(...owned, salesMandateGranted({ validTo: '2026-11-09' }))
      .when(reserve(['AZ-1']))
      .thenRefused('no-sales-mandate', { day: '2026-11-10' })
    given(...owned, salesMandateGranted({ validTo: '2026-11-10' }))
      .when(reserve(['AZ-1']))
      .thenRecorded({ type: 'CoilsReserved' }, { type: 'CoilReserved' })
  })

  it('rule 8: reckons the day by the plant’s clock, at the time it is told to have happened', () => {
    const late = { occurredAt: '2026-11-09T22:30:00.000Z' }
    given(
      ...market,
      partnerRegistered({ partner: 'AZAL' }),
      coilReceived(),
      salesMandateGranted({ validFrom: '2026-11-10', validTo: '2026-11-10' }),
    )
      // Half past midnight on the 10th in Bucharest.
      .when((world) => reserve(['AZ-1'])({ ...world, given: { ...world.given, ...late } }))
      .thenRecorded({ type: 'CoilsReserved' }, { type: 'CoilReserved' })
  })

  it('tells all that is wrong with all coils at once, and reserves none', () => {
    given(
      ...market,
      coilAnnounced({ coil: 'AZ-1' }),
      ownCoil('AZ-2', { product: thin }),
      coilHeld({ coil: 'AZ-2' }),
      ownCoil('AZ-3'),
    )
      .when(reserve(['AZ-1', 'AZ-2', 'AZ-3', 'AZ-3']))
      .thenRefusedBy(
        'coil-not-at-rest',
        'no-sales-mandate',
        'coil-on-hold',
        'coil-off-specification',
        'coil-named-twice',
        'line-exceeded',
      )
  })

  it('is refused for a line that the order does not have', () => {
    given(...market, ownCoil())
      .when(reserve(['AZ-1'], { line: 2 }))
      .thenRefused('unknown-order-line')
  })
})
