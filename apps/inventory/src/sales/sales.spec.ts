import { FixedClock } from '#platform/clock'
import { example } from '#test/support/every-fact'
import { castStrip, coilHeld, coilReceived, partnerRegistered, plantConfigured } from '#test/support/facts'
import { type ReadSide, readSide } from '#test/support/read-side'
import { InventoryModule } from '../inventory.module.js'

const NOW = new Date('2026-11-20T12:00:00Z')

let plant: ReadSide
beforeEach(async () => {
  plant = await readSide(InventoryModule, { clock: new FixedClock(NOW) })
  await plant.happened('2026-11-01T08:00:00Z', plantConfigured(), example('SalesOrderPlaced'))
})
afterEach(() => plant.close())

const share = (coil: string, kg = 5000) => [{ coil, kg }]
const parcel = (coil: string, kg = 5000) => [{ coil, line: 1, kg }]

describe('A sales order', () => {
  it('shows how far each line is: ordered, reserved, sold, dispatched, delivered, returned, and what is open', async () => {
    await plant.happened(
      '2026-11-08T08:00:00Z',
      ...['A', 'B', 'C', 'D', 'E', 'F'].map((coil) => example('CoilsReserved', { coils: share(coil) })),
    )
    expect(await plant.ask('/api/sales-orders/SO-1')).toMatchObject({ reservedKg: 30_000, openKg: 0, state: 'open' })
    await plant.happened(
      '2026-11-09T08:00:00Z',
      example('ReservationReleased', { coils: ['A'] }),
      example('ReservationExpired', { coils: ['B'] }),
      example('CoilsSold', { coils: share('C') }),
      example('CoilsSold', { coils: [...share('D'), ...share('E')] }),
      example('GoodsDispatched', { coils: parcel('D', 4990), kg: 4990 }),
      example('DeliveryNoteIssued', { coils: parcel('D', 4990), kg: 4990 }),
      example('GoodsDispatched', { coils: parcel('E'), kg: 5000, deliveryNote: 'DN-2' }),
      example('GoodsDelivered', { coils: ['D'] }),
      example('GoodsReturned', { coils: parcel('E') }),
    )
    const order = await plant.ask('/api/sales-orders/SO-1')
    const amounts = {
      ...{ orderedKg: 20_000, reservedKg: 5000, soldKg: 5000, dispatchedKg: 0, deliveredKg: 4990, returnedKg: 5000 },
      openKg: 5010,
    }
    expect(order).toMatchObject({
      ...amounts,
      state: 'open',
      deliveryNotes: ['DN-1'],
      lines: [{ line: 1, ...amounts }],
    })
    expect(order.coils.map(({ coil, state }: { coil: string; state: string }) => `${coil} ${state}`)).toEqual([
      'C sold',
      'D delivered',
      'E returned',
      'F reserved',
    ])
    const { headers } = await plant.http.get('/api/sales-orders/SO-1')
    expect(headers.get('etag')).toBe('"14"')
  })

  it('is fulfilled when every line is delivered within its tolerance, and cancelled when it was', async () => {
    await plant.happened(
      '2026-11-09T08:00:00Z',
      example('CoilsSold', { coils: share('A', 18_000) }),
      example('GoodsDispatched', { coils: parcel('A', 18_000), kg: 18_000 }),
      example('GoodsDelivered', { coils: ['A'] }),
      example('SalesOrderPlaced', { salesOrder: 'SO-2' }),
      example('SalesOrderCancelled', { salesOrder: 'SO-2' }),
    )
    const { items } = await plant.ask('/api/sales-orders')
    expect(
      items.map(({ salesOrder, state }: { salesOrder: string; state: string }) => `${salesOrder} ${state}`),
    ).toEqual(['SO-2 cancelled', 'SO-1 fulfilled'])
    expect((await plant.ask('/api/sales-orders?cancelled=false')).items).toHaveLength(1)
    expect((await plant.ask('/api/sales-orders?customer=NOBODY')).items).toEqual([])
    const first = await plant.ask('/api/sales-orders?limit=1')
    expect((await plant.ask(`/api/sales-orders?limit=1&cursor=${first.next}`)).items[0].salesOrder).toBe('SO-1')
  })

  it('has delivery notes that say what became of each coil', async () => {
    await plant.happened(
      '2026-11-09T08:00:00Z',
      coilReceived({ coil: 'D' }),
      coilReceived({ coil: 'E' }),
      example('CoilsSold', { coils: [...share('D'), ...share('E')] }),
      example('GoodsDispatched', { coils: [...parcel('D'), ...parcel('E')], kg: 10_000 }),
      example('DeliveryNoteIssued', { coils: [...parcel('D'), ...parcel('E')], kg: 10_000 }),
      example('GoodsDelivered', { coils: ['D', 'E'] }),
      example('GoodsReturned', { coils: parcel('E') }),
    )
    expect(await plant.ask('/api/delivery-notes/DN-1')).toMatchObject({
      ...{ customer: 'METALCO', kg: 10_000, carrier: 'Trans SRL', deliveredAt: '2026-11-09T08:00:00.000Z' },
      coils: [
        { coil: 'D', state: 'delivered', alloy: 'EN AW-8011A' },
        { coil: 'E', state: 'returned' },
      ],
    })
  })
})

describe('Coils that match an order line', () => {
  const offered = (coil: string, data: Parameters<typeof coilReceived>[0] = {}) =>
    coilReceived({ coil, owner: 'ALRO', netWeightKg: 6000, ...data })
  const matching = async () =>
    (await plant.ask('/api/sales-orders/SO-1/lines/1/matching-coils')).items as {
      coil: { coil: string }
      points: number
      why: string[]
      sellable: boolean
    }[]

  it('are all that can be promised, and nothing else', async () => {
    const other = (product: object) => ({ product: { ...castStrip, ...product } })
    await plant.happened(
      '2026-11-10T08:00:00Z',
      offered('FITS'),
      offered('EDGE', other({ gaugeMm: 8, widthMm: 1200 })),
      offered('THIN', other({ gaugeMm: 5.9 })),
      offered('WIDE', other({ widthMm: 1301 })),
      offered('OTHER-ALLOY', other({ alloy: 'EN AW-3003' })),
      offered('OTHER-TEMPER', other({ temper: 'O' })),
      offered('SHEETS', other({ form: 'pack' })),
      offered('HELD'),
      coilHeld({ coil: 'HELD' }),
      offered('RESERVED'),
      example('CoilReserved', { coil: 'RESERVED' }),
      offered('BUSY'),
      example('CoilProcessingStarted', { coil: 'BUSY' }),
    )
    expect((await matching()).map(({ coil }) => coil.coil)).toEqual(['FITS', 'EDGE'])
  })

  it('are ranked: sellable, not too heavy, inspected, in the middle of the ranges, filling, and old ones first', async () => {
    await plant.happened(
      '2026-10-20T08:00:00Z',
      offered('OLD'),
      partnerRegistered({ partner: 'AZAL' }),
      partnerRegistered({ partner: 'VIMETCO' }),
      example('SalesMandateGranted', { partner: 'AZAL', validTo: '2026-11-19' }),
      example('SalesMandateGranted', { partner: 'VIMETCO', mandate: 'V-1', validTo: '2026-11-20' }),
    )
    await plant.happened(
      '2026-11-10T08:00:00Z',
      offered('YOUNG'),
      offered('INSPECTED', { product: { ...castStrip, gaugeMm: 6.2 } }),
      example('CoilInspected', { coil: 'INSPECTED', result: 'conforming' }),
      offered('OFF-MIDDLE', { product: { ...castStrip, gaugeMm: 6.2 } }),
      offered('TOO-HEAVY', { netWeightKg: 22_001 }),
      offered('NO-MANDATE', { owner: 'AZAL' }),
      offered('MANDATE', { owner: 'VIMETCO', netWeightKg: 5000 }),
    )
    const found = await matching()
    expect(found.map(({ coil }) => coil.coil)).toEqual([
      'INSPECTED',
      'OLD',
      'YOUNG',
      'MANDATE',
      'OFF-MIDDLE',
      'TOO-HEAVY',
      'NO-MANDATE',
    ])
    expect(found[3]).toMatchObject({ sellable: true, mandate: 'V-1' })
    expect(found.at(-1)).toMatchObject({
      sellable: false,
      why: expect.arrayContaining(['AZAL has given no mandate to sell it']),
    })
    expect(found[1]!.why).toEqual([
      'uninspected',
      'gauge 7 mm in the middle of the range',
      'width 1250 mm in the middle of the range',
      '6,000 kg of the 20,000 kg that are open',
      '31 days old',
    ])
    expect(found.at(-2)!.why).toContain('22,001 kg is more than the 22,000 kg that the line still takes')
  })

  it('of a line that the order does not have are a problem', async () => {
    await plant.ask('/api/sales-orders/SO-1')
    expect((await plant.http.get('/api/sales-orders/SO-1/lines/2/matching-coils')).body.rule).toBe('unknown-order-line')
    expect((await plant.http.get('/api/sales-orders/SO-9/lines/1/matching-coils')).body.rule).toBe(
      'unknown-sales-order',
    )
  })
})
