import type { PlantFact } from '#domain/events'
import {
  coilDispatched,
  coilHeld,
  coilProduced,
  coilReceived,
  coilReserved,
  coilSold,
  coilsReserved,
  coilsSold,
  deliveryNoteIssued,
  goodsDispatched,
  locationDefined,
  salesOrderPlaced,
} from '#test/support/facts'
import { given } from '#test/support/given'
import { cancelOrder, deliver, dispatch, market, ownCoil, takeBack, takeSaleBack } from '#test/support/sales'

const sold = [...market, ownCoil(), coilsSold(), coilSold({ owner: 'ALRO' })]
const underWay = [...sold, deliveryNoteIssued(), goodsDispatched(), coilDispatched()]
const packed = (coil: string): PlantFact => ({
  type: 'CoilPacked',
  data: { coil, pack: 'P-1', with: ['AZ-1', 'AZ-2'].filter((other) => other !== coil) },
})

describe('dispatching goods', () => {
  it('rule 3: sends what was sold, with a delivery note, and empties its place', () => {
    given(...sold)
      .when(dispatch(['AZ-1']))
      .thenRecorded(
        {
          type: 'DeliveryNoteIssued',
          data: {
            deliveryNote: 'DN-1',
            coils: [{ coil: 'AZ-1', line: 1, kg: 6853 }],
            kg: 6853,
            issuedBy: 'Ana Popescu',
          },
        },
        { type: 'GoodsDispatched', data: { salesOrder: 'SO-1', deliveryNote: 'DN-1', kg: 6853 } },
        { type: 'CoilDispatched', data: { coil: 'AZ-1', customer: 'METALCO', from: 'B1' } },
        { type: 'CoilTaken', data: { coil: 'AZ-1', location: 'B1' } },
      )
  })

  it('rule 3: does not send what is only reserved, free, or sold on another order', () => {
    given(...market, ownCoil(), coilsReserved(), coilReserved())
      .when(dispatch(['AZ-1']))
      .thenRefused('coil-not-sold', { coil: 'AZ-1', soldOn: null })
    given(...market, ownCoil(), coilSold({ salesOrder: 'SO-9' }))
      .when(dispatch(['AZ-1']))
      .thenRefused('coil-not-sold', { coil: 'AZ-1', soldOn: 'SO-9' })
  })

  it('rule 2: does not send a coil that was put on hold after it was sold', () => {
    given(...sold, coilHeld({ reason: 'damaged in the bay' }))
      .when(dispatch(['AZ-1']))
      .thenRefused('coil-on-hold', { reason: 'damaged in the bay' })
  })

  it('does not send a coil twice, nor with a note whose number is taken', () => {
    given(...underWay)
      .when(dispatch(['AZ-1']))
      .thenRefusedBy('coil-not-at-rest', 'delivery-note-number-used')
  })

  it('sends a pack whole or not at all', () => {
    const skid: PlantFact[] = [
      ...sold,
      ownCoil('AZ-2'),
      coilsSold({ coils: [{ coil: 'AZ-2', kg: 6853 }] }),
      coilSold({ coil: 'AZ-2', owner: 'ALRO' }),
      { type: 'PackMade', data: { pack: 'P-1', coils: ['AZ-1', 'AZ-2'], location: 'B1' } },
      packed('AZ-1'),
      packed('AZ-2'),
    ]
    given(...skid)
      .when(dispatch(['AZ-1']))
      .thenRefused('pack-incomplete', { pack: 'P-1', coils: ['AZ-2'] })
    expect(given(...skid).when(dispatch(['AZ-1', 'AZ-2'])).facts).toHaveLength(6)
  })
})

describe('delivering goods', () => {
  it('passes the title of what left with the note, and is said once', () => {
    given(...underWay)
      .when(deliver())
      .thenRecorded(
        { type: 'GoodsDelivered', data: { deliveryNote: 'DN-1', coils: ['AZ-1'] } },
        { type: 'CoilDelivered', data: { coil: 'AZ-1' } },
        { type: 'TitleTransferred', data: { coil: 'AZ-1', from: 'ALRO', to: 'METALCO', holder: 'METALCO' } },
      )
    const { facts } = given(...underWay).when(deliver())
    given(...underWay, ...facts)
      .when(deliver())
      .thenRefused('nothing-under-way', { deliveryNote: 'DN-1' })
  })

  it('is refused for a note of another order', () => {
    given(...underWay, salesOrderPlaced({ salesOrder: 'SO-2' }))
      .when(deliver('DN-1', { order: 'SO-2' }))
      .thenRefused('unknown-delivery-note', { deliveryNote: 'DN-1' })
  })
})

describe('returning goods', () => {
  it('rule 2: puts what comes back under the holds of what it was made from, once each', () => {
    const from = (mother: string) => [{ coil: mother, kg: 6853 }]
    const grandmother = coilReceived({ coil: 'AZ-0' })
    const mother = coilProduced({ coil: 'AZ-M', from: from('AZ-0'), netWeightKg: 6853 })
    const child = coilProduced({ coil: 'AZ-1', from: from('AZ-M'), owner: 'ALRO', netWeightKg: 6853 })
    const crack = { hold: 'crack', reason: 'edge cracks in the melt' }
    const holds = [
      coilHeld({ coil: 'AZ-0', ...crack }),
      coilHeld({ coil: 'AZ-M', ...crack, cause: 'AZ-0' }),
      coilHeld({ coil: 'AZ-M', hold: 'stain', reason: 'oil' }),
    ]
    const sale = [coilsSold(), coilSold({ owner: 'ALRO' }), deliveryNoteIssued(), goodsDispatched(), coilDispatched()]
    const { facts } = given(
      ...market,
      grandmother,
      mother,
      child,
      ...sale,
      locationDefined({ location: 'Q' }),
      ...holds,
    ).when(takeBack(['AZ-1'], { madeFrom: ['AZ-M', 'AZ-0'] }))
    expect(facts.flatMap((fact) => (fact.type === 'CoilHeld' ? [fact.data] : []))).toEqual([
      { coil: 'AZ-1', hold: 'hold-command-1', reason: 'scratched' },
      { coil: 'AZ-1', ...crack, cause: 'AZ-M' },
      { coil: 'AZ-1', hold: 'stain', reason: 'oil', cause: 'AZ-M' },
    ])
  })

  const quarantine = locationDefined({ location: 'Q', capacityCoils: 1 })
  const delivered = [...underWay, ...given(...underWay).when(deliver()).facts, quarantine]

  it('puts a delivered coil back in stock and on hold, and gives its title back to who sold it', () => {
    given(...delivered)
      .when(takeBack(['AZ-1']))
      .thenRecorded(
        { type: 'GoodsReturned', data: { salesOrder: 'SO-1', coils: [{ coil: 'AZ-1', line: 1, kg: 6853 }] } },
        { type: 'CoilReturned', data: { coil: 'AZ-1', netWeightKg: 6853, location: 'Q' } },
        { type: 'TitleTransferred', data: { from: 'METALCO', to: 'ALRO', holder: 'ALRO' } },
        { type: 'CoilHeld', data: { coil: 'AZ-1', reason: 'scratched' } },
        { type: 'CoilStored', data: { coil: 'AZ-1', location: 'Q' } },
      )
  })

  it('rule 8: gives the metal of another owner back to that owner, not to the plant', () => {
    const onBehalf = [...market, coilReceived(), coilsSold(), coilSold(), deliveryNoteIssued(), goodsDispatched()]
    const left = [...onBehalf, coilDispatched(), quarantine]
    const { facts } = given(...left).when(deliver())
    expect(given(...left, ...facts).when(takeBack(['AZ-1'])).facts).toContainEqual({
      type: 'TitleTransferred',
      data: { coil: 'AZ-1', from: 'METALCO', to: 'AZAL', holder: 'ALRO', reason: 'returned from order SO-1' },
    })
  })

  it('moves no title that has not passed yet', () => {
    given(...underWay, quarantine)
      .when(takeBack(['AZ-1']))
      .thenRecorded({ type: 'GoodsReturned' }, { type: 'CoilReturned' }, { type: 'CoilHeld' }, { type: 'CoilStored' })
  })

  it('books the difference when it was weighed again, and asks about a weight that cannot be', () => {
    const weighed = { netWeightKg: 6800, scale: 'GATE', confirmed: false }
    expect(given(...delivered).when(takeBack(['AZ-1'], { weighed: [weighed] })).facts).toContainEqual({
      type: 'CoilWeighed',
      data: { coil: 'AZ-1', netWeightKg: 6800, scale: 'GATE', previousNetWeightKg: 6853, adjustmentKg: -53 },
    })
    given(...delivered)
      .when(takeBack(['AZ-1'], { weighed: [{ ...weighed, netWeightKg: 680 }] }))
      .thenRefused('weight-implausible', { netWeightKg: 680 })
  })

  it('needs room, and coils that left on this order', () => {
    given(...delivered, { type: 'CoilStored', data: { coil: 'AZ-9', location: 'Q' } })
      .when(takeBack(['AZ-1']))
      .thenRefused('location-full', { location: 'Q' })
    given(...sold, quarantine)
      .when(takeBack(['AZ-1']))
      .thenRefused('coil-not-dispatched', { coil: 'AZ-1' })
  })

  it('leaves the line open for another coil, and the coil for another order once it is released', () => {
    const { facts } = given(...delivered).when(takeBack(['AZ-1']))
    given(...delivered, ...facts)
      .when(cancelOrder())
      .thenRecorded({ type: 'SalesOrderCancelled' })
  })
})

describe('taking a sale back', () => {
  it('frees a coil that has not left', () => {
    given(...sold)
      .when(takeSaleBack(['AZ-1']))
      .thenRecorded(
        { type: 'SaleCancelled', data: { line: 1, coils: [{ coil: 'AZ-1', kg: 6853 }] } },
        { type: 'CoilSaleCancelled', data: { coil: 'AZ-1' } },
      )
  })

  it('is refused for a coil that has left, and for one that is not sold', () => {
    given(...underWay)
      .when(takeSaleBack(['AZ-1']))
      .thenRefused('coil-dispatched', { coil: 'AZ-1', deliveryNote: 'DN-1' })
    given(...market, ownCoil())
      .when(takeSaleBack(['AZ-1']))
      .thenRefused('coil-not-sold', { coil: 'AZ-1' })
  })
})

describe('cancelling an order', () => {
  it('releases its reservations, takes its sales back, and ends it for good', () => {
    const both = [
      ...sold,
      ownCoil('AZ-2'),
      coilsReserved({ coils: [{ coil: 'AZ-2', kg: 6853 }] }),
      coilReserved({ coil: 'AZ-2' }),
    ]
    const cancelled = given(...both).when(cancelOrder())
    cancelled.thenRecorded(
      { type: 'ReservationReleased', data: { coils: ['AZ-2'] } },
      { type: 'CoilReservationReleased', data: { coil: 'AZ-2' } },
      { type: 'SaleCancelled', data: { coils: [{ coil: 'AZ-1' }] } },
      { type: 'CoilSaleCancelled', data: { coil: 'AZ-1' } },
      { type: 'SalesOrderCancelled', data: { salesOrder: 'SO-1', reason: 'customer withdrew' } },
    )
    given(...both, ...cancelled.facts)
      .when(cancelOrder())
      .thenRefused('sales-order-cancelled', { salesOrder: 'SO-1' })
  })

  it('is refused while something of it is out', () => {
    given(...underWay)
      .when(cancelOrder())
      .thenRefused('goods-dispatched', { coils: ['AZ-1'] })
  })
})
