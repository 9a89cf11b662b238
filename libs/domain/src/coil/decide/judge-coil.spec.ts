import { downgradeCoil, rejectCoil } from '#domain/coil/decide/judge-coil'
import { scrapCoil } from '#domain/coil/decide/scrap-coil'
import { transferTitle } from '#domain/coil/decide/transfer-title'
import { coils, qualityOf } from '#domain/coil/state'
import { partners } from '#domain/plant/state'
import {
  coilConsumed,
  coilHeld,
  coilPacked,
  coilProcessingStarted,
  coilReceived,
  coilRejected,
  coilReserved,
  coilScrapped,
  coilSold,
  partnerRegistered,
} from '#test/support/facts'
import { AGREED, given, NOON, type World } from '#test/support/given'

const scrap = (world: World) =>
  scrapCoil(world.get(coils, 'AZ-1'), { kind: 'process-scrap', reason: 'fell off the crane' }, world.given)
const reject =
  (liftHolds = false, among = NOON) =>
  (world: World) =>
    rejectCoil(world.get(coils, 'AZ-1'), { reason: 'cracks', liftHolds }, among)
const downgrade =
  (liftHolds = false, among = NOON) =>
  (world: World) =>
    downgradeCoil(world.get(coils, 'AZ-1'), { grade: 'B', reason: 'scratches', liftHolds }, among)
const transfer = (to: string, holder?: string) => (world: World) =>
  transferTitle(
    world.get(coils, 'AZ-1'),
    world.get(partners, to),
    holder ? world.get(partners, holder) : undefined,
    'bought',
    world.given,
  )
/** Over at NOON, but not recorded as over. */
const lapsed = coilReserved({ until: '2026-11-10T11:59:59.000Z' })

describe('downgrading and rejecting a coil', () => {
  it('says what it is still good for; a hold on it stays until somebody lifts it', () => {
    given(coilReceived(), coilHeld())
      .when(downgrade())
      .thenRecorded({ type: 'CoilDowngraded', data: { grade: 'B', reason: 'scratches' } })
    given(coilReceived(), coilHeld()).when(reject()).thenRecorded({ type: 'CoilRejected' })
  })

  it('takes a second person to lift the holds on it, where there are any', () => {
    given(coilReceived(), coilHeld({ reason: 'scratches' }))
      .when(reject(true))
      .thenNeedsApproval('Reject coil AZ-1 and lift the hold on it: scratches')
    given(coilReceived(), coilHeld({ reason: 'scratches' }), coilHeld({ hold: 'hold-2', reason: 'wrong alloy' }))
      .when(downgrade(true))
      .thenNeedsApproval('Downgrade coil AZ-1 and lift the 2 holds on it: scratches; wrong alloy')
    given(coilReceived()).when(reject(true)).thenRecorded({ type: 'CoilRejected' })
  })

  it('answers the holds on it when two agree to that', () => {
    const { facts } = given(coilReceived(), coilHeld(), coilHeld({ hold: 'hold-2' })).when(reject(true, AGREED))
    expect(facts.map(({ type }) => type)).toEqual(['CoilRejected', 'CoilReleased', 'CoilReleased'])
    given(coilReceived(), coilHeld(), coilHeld({ hold: 'hold-2' }), ...facts)
      .when((world) => {
        expect(qualityOf(world.get(coils, 'AZ-1'))).toBe('rejected')
        return []
      })
      .thenRecorded()
  })

  it('is refused while the coil is promised, and for a coil that was rejected before', () => {
    given(coilReceived(), coilReserved()).when(reject()).thenRefusedBy('coil-reserved')
    given(coilReceived(), coilSold()).when(downgrade()).thenRefusedBy('coil-sold')
    given(coilReceived(), coilRejected()).when(reject()).thenRefusedBy('coil-rejected')
    given(coilReceived(), coilRejected()).when(downgrade()).thenRefusedBy('coil-rejected')
  })

  it('ends a reservation that is over, first', () => {
    given(coilReceived(), lapsed)
      .when(reject())
      .thenRecorded({ type: 'ReservationExpired' }, { type: 'CoilReservationExpired' }, { type: 'CoilRejected' })
  })
})

describe('scrapping a coil', () => {
  it('books its weight to its owner (rule 8) and frees its place, held or not', () => {
    given(coilReceived({ owner: 'AZAL', netWeightKg: 6853, location: 'B1' }), coilHeld(), coilRejected())
      .when(scrap)
      .thenRecorded(
        { type: 'CoilScrapped', data: { netWeightKg: 6853, owner: 'AZAL', kind: 'process-scrap' } },
        { type: 'CoilTaken', data: { location: 'B1', coil: 'AZ-1' } },
      )
  })

  it('rule 4: is final, and is refused for what is final', () => {
    given(coilReceived(), coilScrapped()).when(scrap).thenRefused('coil-not-in-stock', { physical: 'scrapped' })
    given(coilReceived(), coilConsumed()).when(scrap).thenRefused('coil-not-in-stock', { physical: 'consumed' })
  })

  it('is refused while it is reserved, sold, packed or on a line', () => {
    given(coilReceived(), coilReserved()).when(scrap).thenRefusedBy('coil-reserved')
    given(coilReceived(), coilSold()).when(scrap).thenRefusedBy('coil-sold')
    given(coilReceived(), coilPacked()).when(scrap).thenRefusedBy('coil-not-in-stock')
    given(coilReceived(), coilProcessingStarted()).when(scrap).thenRefusedBy('coil-not-in-stock')
  })

  it('ends a reservation that is over, first', () => {
    given(coilReceived(), lapsed)
      .when(scrap)
      .thenRecorded(
        { type: 'ReservationExpired', data: { salesOrder: 'SO-1', coils: ['AZ-1'] } },
        { type: 'CoilReservationExpired' },
        { type: 'CoilScrapped' },
        { type: 'CoilTaken' },
      )
  })
})

describe('transferring the title of a coil', () => {
  const alro = partnerRegistered({ partner: 'ALRO', roles: ['owner', 'processor'] })
  const azal = partnerRegistered({ partner: 'AZAL', roles: ['owner', 'supplier'] })
  const metalco = partnerRegistered({ partner: 'METALCO', roles: ['customer'] })

  it('makes it another’s, in the same hands unless others are named', () => {
    given(coilReceived({ owner: 'AZAL', holder: 'ALRO' }), alro, azal)
      .when(transfer('ALRO'))
      .thenRecorded({ type: 'TitleTransferred', data: { from: 'AZAL', to: 'ALRO', holder: 'ALRO' } })
    given(coilReceived({ owner: 'AZAL', holder: 'ALRO' }), azal, coilHeld())
      .when(transfer('AZAL', 'AZAL'))
      .thenRecorded({ type: 'TitleTransferred', data: { from: 'AZAL', to: 'AZAL', holder: 'AZAL' } })
  })

  it('is refused when nothing changes, and to a partner who owns no metal', () => {
    given(coilReceived({ owner: 'AZAL' }), azal)
      .when(transfer('AZAL'))
      .thenRefusedBy('title-unchanged')
    given(coilReceived(), metalco)
      .when(transfer('METALCO'))
      .thenRefused('partner-owns-no-metal', { partner: 'METALCO', roles: ['customer'] })
  })

  it('is refused while a sale or an order counts on the owner (rules 7 and 8)', () => {
    given(coilReceived(), coilSold(), alro).when(transfer('ALRO')).thenRefusedBy('coil-sold')
    given(coilReceived(), coilReserved(), alro).when(transfer('ALRO')).thenRefusedBy('coil-reserved')
    given(coilReceived(), coilProcessingStarted(), alro).when(transfer('ALRO')).thenRefusedBy('coil-not-at-rest')
    given(coilReceived(), coilConsumed(), alro).when(transfer('ALRO')).thenRefusedBy('coil-not-at-rest')
  })
})
