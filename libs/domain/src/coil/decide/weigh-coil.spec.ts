import { weighCoil } from '#domain/coil/decide/weigh-coil'
import { coils } from '#domain/coil/state'
import {
  coilAnnounced,
  coilConsumed,
  coilPacked,
  coilReceived,
  coilReserved,
  coilScrapped,
  coilSold,
} from '#test/support/facts'
import { given, type World } from '#test/support/given'

const weigh =
  (netWeightKg: number, more: { grossWeightKg?: number; confirmed?: boolean } = {}) =>
  (world: World) =>
    weighCoil(world.get(coils, 'AZ-1'), { netWeightKg, scale: 'BAY', confirmed: false, ...more })

describe('weighing a coil', () => {
  it('takes what the scale says, and books the difference', () => {
    given(coilReceived({ netWeightKg: 6853 }))
      .when(weigh(6801, { grossWeightKg: 6860 }))
      .thenRecorded({
        type: 'CoilWeighed',
        data: {
          netWeightKg: 6801,
          grossWeightKg: 6860,
          scale: 'BAY',
          previousNetWeightKg: 6853,
          adjustmentKg: -52,
        },
      })
  })

  it('is allowed for a reserved coil, and for a sold one, whose customer must hear of it', () => {
    given(coilReceived(), coilReserved()).when(weigh(6801)).thenRecorded({ type: 'CoilWeighed' })
    given(coilReceived(), coilSold({ salesOrder: 'SO-7' }))
      .when(weigh(6801))
      .thenRecorded({ type: 'CoilWeighed', data: { afterSale: { salesOrder: 'SO-7', customer: 'METALCO' } } })
  })

  it('rule 10: is refused when the weight does not fit the dimensions, unless somebody confirms it', () => {
    given(coilReceived()).when(weigh(685)).thenRefused('weight-implausible', { netWeightKg: 685 })
    given(coilReceived()).when(weigh(13_706)).thenRefused('weight-implausible', { netWeightKg: 13_706 })
    given(coilReceived())
      .when(weigh(685, { confirmed: true }))
      .thenRecorded({ type: 'CoilWeighed', data: { adjustmentKg: 685 - 6853 } })
  })

  it('rule 4: is refused for coils that are not in stock, consumed and scrapped ones among them', () => {
    given(coilAnnounced()).when(weigh(6801)).thenRefused('coil-not-in-stock', { physical: 'expected' })
    given(coilReceived(), coilConsumed()).when(weigh(6801)).thenRefused('coil-not-in-stock', { physical: 'consumed' })
    given(coilReceived(), coilScrapped()).when(weigh(6801)).thenRefused('coil-not-in-stock', { physical: 'scrapped' })
    given(coilReceived(), coilPacked()).when(weigh(6801)).thenRefused('coil-not-in-stock', { physical: 'packed' })
  })

  it('says all that is wrong at once', () => {
    given(coilAnnounced())
      .when(weigh(685, { grossWeightKg: 600 }))
      .thenRefusedBy('coil-not-in-stock', 'gross-below-net', 'weight-implausible')
  })
})
