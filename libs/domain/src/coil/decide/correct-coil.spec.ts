import { correctProduct } from '#domain/coil/decide/correct-product'
import { correctWeight } from '#domain/coil/decide/correct-weight'
import { coils } from '#domain/coil/state'
import type { PlantFact, RecordedFact } from '#domain/events'
import {
  castStrip,
  coilAnnounced,
  coilCast,
  coilConsumed,
  coilDelivered,
  coilDispatched,
  coilMoved,
  coilPacked,
  coilProcessingStarted,
  coilReceived,
  coilReserved,
  coilReturned,
  coilScrapped,
  coilSold,
  coilWeighed,
} from '#test/support/facts'
import { AGREED, given, NOON } from '#test/support/given'

const idOf = (i: number) => `00000000-0000-4000-8000-00000000000${i}`
const recorded = (facts: readonly PlantFact[]): RecordedFact[] =>
  facts.map((fact, revision) => ({ eventId: idOf(revision), revision, fact }))

const weight = (facts: readonly PlantFact[], netWeightKg: number, eventId?: string, confirmed = false, among = NOON) =>
  given(...facts).when((world) =>
    correctWeight(
      world.get(coils, 'AZ-1'),
      recorded(facts),
      { eventId, netWeightKg, reason: 'misread', confirmed },
      among,
    ),
  )
const strip = (
  facts: readonly PlantFact[],
  product: Parameters<typeof correctProduct>[2]['product'],
  eventId?: string,
) =>
  given(...facts).when((world) =>
    correctProduct(world.get(coils, 'AZ-1'), recorded(facts), {
      eventId,
      product,
      reason: 'misread',
      confirmed: false,
    }),
  )

describe('correcting a weight', () => {
  it('names the event that recorded it, and books the difference', () => {
    weight([coilReceived({ netWeightKg: 6853 })], 6583, idOf(0)).thenRecorded({
      type: 'CoilWeightCorrected',
      data: {
        corrects: { eventId: idOf(0), type: 'CoilReceived', revision: 0 },
        previousNetWeightKg: 6853,
        netWeightKg: 6583,
        adjustmentKg: -270,
        reason: 'misread',
      },
    })
  })

  it('is about the event that the weight rests on: the last weighing, a return, or a correction before', () => {
    weight([coilReceived(), coilMoved(), coilWeighed({ netWeightKg: 6840 }), coilMoved()], 6804).thenRecorded({
      type: 'CoilWeightCorrected',
      data: { corrects: { eventId: idOf(2), type: 'CoilWeighed' }, previousNetWeightKg: 6840 },
    })
    weight([coilReceived(), coilSold(), coilDispatched(), coilDelivered(), coilReturned()], 6804).thenRecorded({
      type: 'CoilWeightCorrected',
      data: { corrects: { eventId: idOf(4), type: 'CoilReturned' } },
    })
    const { facts } = weight([coilReceived()], 6800)
    weight([coilReceived(), ...facts], 6805).thenRecorded({
      type: 'CoilWeightCorrected',
      data: { corrects: { eventId: idOf(1), type: 'CoilWeightCorrected' }, previousNetWeightKg: 6800 },
    })
  })

  it('is refused by an event of another coil, one that told no weight, and one that was overtaken', () => {
    const facts = [coilReceived(), coilMoved(), coilWeighed()]
    weight(facts, 6800, idOf(9)).thenRefused('event-not-of-coil', { eventId: idOf(9) })
    weight(facts, 6800, idOf(1)).thenRefused('event-recorded-another-fact', { standing: idOf(2) })
    weight(facts, 6800, idOf(0)).thenRefused('event-overtaken', { standing: idOf(2) })
  })

  it('rule 10: is refused for a weight that does not fit the dimensions, unless confirmed', () => {
    weight([coilReceived()], 68).thenRefused('weight-implausible')
    weight([coilReceived()], 68, undefined, true).thenRecorded({ type: 'CoilWeightCorrected' })
  })

  it('is refused when there is nothing to correct', () => {
    weight([coilReceived({ netWeightKg: 6853 })], 6853).thenRefusedBy('nothing-to-correct')
  })

  it.each([
    ['expected', [coilAnnounced()]],
    ['in-process', [coilReceived(), coilProcessingStarted()]],
    ['consumed', [coilReceived(), coilConsumed()]],
    ['scrapped', [coilReceived(), coilScrapped()]],
    ['dispatched', [coilReceived(), coilSold(), coilDispatched()]],
    ['delivered', [coilReceived(), coilSold(), coilDispatched(), coilDelivered()]],
  ])('is refused for a coil that is %s', (physical, facts) => {
    weight(facts, 6800).thenRefused('coil-not-correctable', { physical })
    strip(facts, { gaugeMm: 7.2 }).thenRefused('coil-not-correctable', { physical })
  })

  it('takes a second person for a coil that is sold: its customer pays by weight', () => {
    const sold = [coilReceived({ netWeightKg: 6853 }), coilSold({ salesOrder: 'SO-7' })]
    weight(sold, 6800).thenNeedsApproval('Correct the weight of coil AZ-1, sold on order SO-7, from 6853 to 6800 kg')
    weight(sold, 6853).thenRefusedBy('nothing-to-correct')
  })

  it('is allowed for a coil that is reserved, packed, or sold, whose customer must hear of it', () => {
    weight([coilReceived(), coilReserved()], 6800).thenRecorded({ type: 'CoilWeightCorrected' })
    weight([coilReceived(), coilPacked()], 6800).thenRecorded({ type: 'CoilWeightCorrected' })
    weight([coilReceived(), coilSold({ salesOrder: 'SO-7' })], 6800, undefined, false, AGREED).thenRecorded({
      type: 'CoilWeightCorrected',
      data: { afterSale: { salesOrder: 'SO-7', customer: 'METALCO' }, ...AGREED.approved },
    })
  })

  it('of a cast coil is what its run balances with, until it is weighed elsewhere', () => {
    const castKg = (...facts: PlantFact[]) => {
      let kg: number | undefined
      given(coilCast({ netWeightKg: 6853 }), ...facts).when((world) => {
        kg = world.get(coils, 'AZ-1').cast?.kg
        return []
      })
      return kg
    }
    const { facts } = weight([coilCast({ netWeightKg: 6853 })], 6583)
    expect(castKg(...facts)).toBe(6583)
    expect(castKg(coilWeighed({ netWeightKg: 6840 }))).toBe(6853)
    const later = weight([coilCast(), coilWeighed({ netWeightKg: 6840 })], 6804)
    expect(castKg(coilWeighed({ netWeightKg: 6840 }), ...later.facts)).toBe(6853)
  })
})

describe('correcting what a coil is', () => {
  it('tells it whole, as it was and as it is', () => {
    strip([coilReceived()], { gaugeMm: 7.2, temper: 'O' }, idOf(0)).thenRecorded({
      type: 'CoilProductCorrected',
      data: {
        corrects: { eventId: idOf(0), type: 'CoilReceived' },
        previous: castStrip,
        product: { ...castStrip, gaugeMm: 7.2, temper: 'O' },
      },
    })
  })

  it('is refused when it changes nothing, or names an event that told nothing of it', () => {
    strip([coilReceived()], { gaugeMm: castStrip.gaugeMm }).thenRefusedBy('nothing-to-correct')
    strip([coilReceived()], {}).thenRefusedBy('nothing-to-correct')
    strip([coilReceived(), coilWeighed()], { gaugeMm: 7.2 }, idOf(1)).thenRefusedBy('event-recorded-another-fact')
  })

  it('rule 10: is refused when the weight does not fit the new dimensions', () => {
    strip([coilReceived()], { widthMm: 600 }).thenRefused('weight-implausible')
  })

  it('is refused when no coil can be so: without room for a lap, or with sheets on it', () => {
    strip([coilReceived()], { innerDiameterMm: 900, outerDiameterMm: 400 }).thenRefusedBy(
      'outer-diameter-too-small',
      'weight-implausible',
    )
    strip([coilReceived()], { lengthMm: 2500, sheets: 100 }).thenRefusedBy('not-sheets')
  })
})
