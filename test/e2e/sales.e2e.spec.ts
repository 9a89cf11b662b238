import { OperationsModule } from '#apps/operations/src/operations.module'
import { FixedClock } from '#platform/clock'
import { coilReceived, coilStored } from '#test/support/facts'
import type { Answer, CallOptions } from '#test/support/http'
import { describeInProfiles } from '#test/support/profiles'
import { type ReadSide, readSide } from '#test/support/read-side'

const specification = {
  alloy: 'EN AW-8011A',
  temper: 'F',
  gaugeMm: { min: 6, max: 8 },
  widthMm: { min: 1200, max: 1300 },
}
const line = { specification, kg: 14_000, tolerancePercent: 5 }

await describeInProfiles('Sales of the plant', (profile) => {
  let plant: ReadSide
  const clock = new FixedClock('2026-11-10T12:00:00Z')
  beforeEach(async () => {
    plant = await readSide(OperationsModule, { profile, clock })
    for (const coil of ['AZ-1', 'AZ-2', 'AZ-3']) {
      await plant.happened(
        '2026-11-09T08:00:00Z',
        coilReceived({ coil, location: 'BAY-01' }),
        coilStored(coil, 'BAY-01'),
      )
    }
  })
  afterEach(() => plant.close())

  const post = (path: string, body: object, options: CallOptions = {}) =>
    plant.http.post(`/api/sales-orders${path}`, body, { as: 'sales', ...options })
  const place = (salesOrder = 'SO-1') => post('', { salesOrder, customer: 'METALCO', lines: [line] })
  const typesOf = ({ body }: Answer<{ events: { type: string }[] }>) => body.events.map(({ type }) => type)
  const rulesOf = ({ body }: Answer<{ errors: { rule: string; pointer?: string }[] }>) =>
    body.errors.map(({ rule, pointer }) => [rule, pointer])

  it('go from an order to its delivery, and back from it', async () => {
    const placed = await place()
    expect(placed.status).toBe(201)
    expect(placed.body.events[0].data).toMatchObject({ customer: 'METALCO', lines: [{ line: 1, kg: 14_000 }] })

    const reserved = await post('/SO-1/lines/1/reserve', { coils: ['AZ-1', 'AZ-2'] })
    expect(typesOf(reserved)).toEqual(['CoilsReserved', 'CoilReserved', 'CoilReserved'])
    const { reservation } = reserved.body.events[0].data
    const until = '2026-12-01T12:00:00.000Z'
    expect((await post('/SO-1/lines/1/extend', { reservation, until })).body.events[1].data).toMatchObject({ until })
    expect((await post('/SO-1/lines/1/release', { coils: ['AZ-2'], reason: 'too wide' })).status).toBe(201)

    const sold = await post('/SO-1/lines/1/sell', { coils: ['AZ-1', 'AZ-2'] })
    expect(sold.body.events[1].data).toMatchObject({ coil: 'AZ-1', owner: 'AZAL', mandate: 'AZAL-MANDATE-1' })
    expect(typesOf(await post('/SO-1/lines/1/cancel-sale', { coils: ['AZ-2'], reason: 'too wide' }))).toEqual([
      'SaleCancelled',
      'CoilSaleCancelled',
    ])

    const lorry = { coils: ['AZ-1'], carrier: 'Danube Cargo', vehicle: 'OT 07 DCG' }
    const dispatched = await post('/SO-1/dispatch', lorry, { as: 'operator' })
    expect(typesOf(dispatched)).toEqual(['DeliveryNoteIssued', 'GoodsDispatched', 'CoilDispatched', 'CoilTaken'])
    const { deliveryNote, issuedBy } = dispatched.body.events[0].data
    expect(deliveryNote).toMatch(/^DN-[0-9A-Z]{12}$/)
    expect(issuedBy).toMatch(/operator/i)
    expect((await post('/SO-1/cancel', { reason: 'too late' })).body.values).toMatchObject({ coils: ['AZ-1'] })

    expect(typesOf(await post('/SO-1/deliver', { deliveryNote }))).toEqual([
      'GoodsDelivered',
      'CoilDelivered',
      'TitleTransferred',
    ])
    const back = { coils: [{ coil: 'AZ-1', weighed: { netWeightKg: 6850, scale: 'GATE' } }], to: 'QUARANTINE' }
    const returned = await post('/SO-1/return', { ...back, reason: 'edge damage' })
    expect(typesOf(returned)).toEqual([
      'GoodsReturned',
      'CoilReturned',
      'TitleTransferred',
      'CoilWeighed',
      'CoilHeld',
      'CoilStored',
    ])
    expect(returned.body.events[2].data).toMatchObject({ from: 'METALCO', to: 'AZAL', holder: 'ALRO' })
    expect((await post('/SO-1/cancel', { reason: 'too late' })).status).toBe(201)
    expect(rulesOf(await post('/SO-1/lines/1/reserve', { coils: ['AZ-1'] }))).toEqual([
      ['sales-order-cancelled', undefined],
      ['coil-on-hold', '/coils/0'],
    ])
  })

  it('answer a command sent twice with its first outcome, also when the coil has moved on', async () => {
    await place()
    const key = 'reserve-AZ-1-once'
    const first = await post('/SO-1/lines/1/reserve', { coils: ['AZ-1'] }, { key })
    await post('/SO-1/lines/1/sell', { coils: ['AZ-1'] })
    const again = await post('/SO-1/lines/1/reserve', { coils: ['AZ-1'] }, { key })
    expect(again.status).toBe(201)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(again.body).toEqual({ ...first.body, replayed: true })
    const other = await post('/SO-1/lines/1/reserve', { coils: ['AZ-2'] }, { key })
    expect([other.status, other.body.type]).toEqual([422, expect.stringContaining('idempotency-key-reused')])
  })

  it('make the same order of a command sent twice when it names no number', async () => {
    const key = 'order-from-the-phone'
    const orders = await Promise.all([1, 2].map(() => post('', { customer: 'METALCO', lines: [line] }, { key })))
    expect(orders.map(({ status }) => status)).toEqual([201, 201])
    expect(orders[0]!.body.subject).toMatch(/^salesOrder-SO-[0-9A-Z]{12}$/)
    expect(orders[1]!.body.subject).toBe(orders[0]!.body.subject)
  })

  it('tell all that is wrong at once, where it is wrong', async () => {
    await place()
    await place('SO-2')
    await post('/SO-2/lines/1/sell', { coils: ['AZ-2'] })
    const refused = await post('/SO-1/lines/1/reserve', { coils: ['AZ-1', 'AZ-2', 'AZ-3', 'AZ-3'] })
    expect(refused.status).toBe(422)
    expect(rulesOf(refused)).toEqual([
      ['coil-named-twice', '/coils/3'],
      ['coil-sold', '/coils/1'],
      ['line-exceeded', '/coils'],
    ])
    const malformed = await post('/SO-1/lines/1/release', { coils: ['AZ-1'], reservation: 'R-1', reason: '' })
    expect(malformed.status).toBe(400)
    expect(rulesOf(malformed).map(([, pointer]) => pointer)).toContain('/reason')
  })

  it('say what is not known: the order, its line, a coil, a delivery note', async () => {
    await place()
    const answers = await Promise.all([
      post('/SO-9/cancel', { reason: 'none' }),
      post('/SO-1/lines/2/sell', { coils: ['AZ-1'] }),
      post('/SO-1/lines/1/sell', { coils: ['AZ-1', 'AZ-8', 'AZ-9'] }),
      post('/SO-1/deliver', { deliveryNote: 'DN-9' }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404])
    expect(answers.flatMap(rulesOf)).toEqual([
      ['unknown-sales-order', undefined],
      ['unknown-order-line', undefined],
      ['unknown-coil', '/coils/1'],
      ['unknown-coil', '/coils/2'],
      ['unknown-delivery-note', '/deliveryNote'],
    ])
  })

  it('are for those who sell, and for what they have seen', async () => {
    const placed = await place()
    expect((await post('/SO-1/lines/1/sell', { coils: ['AZ-1'] }, { as: 'operator' })).status).toBe(403)
    expect((await post('/SO-1/lines/1/sell', { coils: ['AZ-1'] }, { as: null })).status).toBe(401)
    const headers = { 'if-match': placed.headers.get('etag')! }
    expect((await post('/SO-1/lines/1/sell', { coils: ['AZ-1'] }, { headers })).status).toBe(201)
    expect((await post('/SO-1/lines/1/sell', { coils: ['AZ-2'] }, { headers })).status).toBe(412)
  })
})

await describeInProfiles('A hundred sellers after one coil', (profile) => {
  let plant: ReadSide
  beforeEach(async () => {
    plant = await readSide(OperationsModule, { profile })
    await plant.happened('2026-11-09T08:00:00Z', coilReceived({ location: 'BAY-01' }), coilStored('AZ-1', 'BAY-01'))
  })
  afterEach(() => plant.close())

  const orders = Array.from({ length: 100 }, (_, i) => `SO-${i + 1}`)
  const post = (path: string, body: object, key?: string) =>
    plant.http.post(`/api/sales-orders${path}`, body, { as: 'sales', ...(key !== undefined && { key }) })

  it('rule 3: exactly one gets it, though each clicks twice; the others are told who has it', async () => {
    const lines = [line]
    await Promise.all(orders.map((salesOrder) => post('', { salesOrder, customer: 'LAMINOX', lines })))
    const answers = await Promise.all(
      [...orders, ...orders].map((order) => post(`/${order}/lines/1/sell`, { coils: ['AZ-1'] }, `click-of-${order}`)),
    )
    const won = answers.filter(({ status }) => status === 201)
    expect(new Set(won.map(({ body }) => body.subject)).size).toBe(1)
    expect(won.map(({ body }) => body.replayed).sort()).toEqual([false, true])
    const [winner] = won
    for (const { status, body } of answers.filter((answer) => !won.includes(answer))) {
      expect([status, body.values]).toEqual([422, expect.objectContaining({ coil: 'AZ-1' })])
      expect(`salesOrder-${body.values.salesOrder}`).toBe(winner!.body.subject)
    }
    const history = (await plant.store.readMany([{ stream: 'coil-AZ-1' }])).get('coil-AZ-1')!
    expect(history.map(({ type }) => type)).toEqual(['CoilReceived', 'CoilSold'])
  })

  it('rule 3: exactly one reserves it, and nobody else gets any of the coils that it came with', async () => {
    for (const coil of ['AZ-2', 'AZ-3']) {
      await plant.happened('2026-11-09T08:00:00Z', coilReceived({ coil, location: 'BAY-01' }))
    }
    const lines = [{ ...line, kg: 50_000 }]
    await Promise.all(orders.map((salesOrder) => post('', { salesOrder, customer: 'LAMINOX', lines })))
    const pairs = [
      ['AZ-1', 'AZ-2'],
      ['AZ-2', 'AZ-3'],
      ['AZ-3', 'AZ-1'],
    ]
    const answers = await Promise.all(
      orders.map((order, i) => post(`/${order}/lines/1/reserve`, { coils: pairs[i % 3]! })),
    )
    // Any two pairs share a coil: who got one left nothing whole for the others.
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(99).fill(422)])
  })
})
