import { example } from '#test/support/every-fact'
import {
  alloyDefined,
  coilAnnounced,
  coilReceived,
  lineDefined,
  locationDefined,
  partnerRegistered,
  plantConfigured,
} from '#test/support/facts'
import { type ReadSide, readSide } from '#test/support/read-side'
import { InventoryModule } from '../inventory.module.js'

const AT = '2026-11-07T08:00:00Z'

let plant: ReadSide
beforeAll(async () => {
  plant = await readSide(InventoryModule)
  await plant.happened(
    AT,
    plantConfigured(),
    partnerRegistered(),
    example('SalesMandateGranted'),
    example('SalesMandateGranted', { mandate: 'M-2027', validFrom: '2027-01-01', validTo: '2027-12-31' }),
    example('SalesMandateRevoked'),
    example('PartnerChanged'),
    locationDefined({ capacityCoils: 3 }),
    locationDefined({ location: 'YARD', name: 'Yard', kind: 'yard' }),
    lineDefined(),
    example('LineEngaged'),
    alloyDefined(),
    example('TemperDefined'),
    coilReceived({ coil: 'A', netWeightKg: 5000 }),
    coilReceived({ coil: 'B', netWeightKg: 6000 }),
    coilReceived({ coil: 'C', location: 'YARD' }),
    example('CoilMoved', { coil: 'B', to: 'YARD' }),
  )
})
afterAll(() => plant.close())

describe('What the plant knows by name', () => {
  it('is listed whole, as it was last told', async () => {
    expect(await plant.ask('/api/plant')).toMatchObject({ company: 'ALRO', timeZone: 'Europe/Bucharest', revision: 0 })
    expect((await plant.ask('/api/partners')).items).toEqual([
      {
        ...{ partner: 'AZAL', name: 'Azeraluminium LLC', country: 'AZ', roles: ['owner', 'supplier'], revision: 4 },
        mandates: [{ partner: 'AZAL', mandate: 'M-2027', validFrom: '2027-01-01', validTo: '2027-12-31' }],
      },
    ])
    expect((await plant.ask('/api/alloys')).items).toMatchObject([alloyDefined().data])
    expect((await plant.ask('/api/tempers')).items).toMatchObject([{ temper: 'F' }])
    expect((await plant.http.get('/api/partners/AZAL')).headers.get('etag')).toBe('"4"')
    expect((await plant.http.get('/api/partners/NOBODY')).body.rule).toBe('unknown-partner')
  })

  it('says of a line what it is doing', async () => {
    expect((await plant.ask('/api/lines')).items).toMatchObject([
      { line: 'SLIT-1', engaged: { by: 'process-order', number: 'PO-1' } },
    ])
    await plant.happened(AT, example('LineFreed'))
    expect((await plant.ask('/api/lines/SLIT-1')).engaged).toBeNull()
  })

  it('says of a location how much lies there and how much still fits', async () => {
    expect((await plant.ask('/api/locations')).items).toMatchObject([
      { location: 'B1', capacityCoils: 3, coils: 1, kg: 5000, free: 2 },
      { location: 'YARD', capacityCoils: null, coils: 2, kg: 12_853, free: null },
    ])
    const yard = await plant.ask('/api/locations/YARD?sort=-netWeightKg')
    expect(yard.content.items.map(({ coil }: { coil: string }) => coil)).toEqual(['C', 'B'])
    expect(yard.content.totals).toEqual({ coils: 2, kg: 12_853 })
    expect((await plant.http.get('/api/locations/NOWHERE')).body.rule).toBe('unknown-location')
  })
})

describe('Runs, orders and packing lists', () => {
  it('of casting show melts in, coils out and the balance', async () => {
    await plant.happened(
      AT,
      example('CastingRunStarted'),
      example('MeltAddedToRun'),
      example('CoilCastInRun'),
      example('CoilCast', { coil: 'CAST-1' }),
    )
    expect((await plant.ask('/api/casting-runs?state=running')).items).toMatchObject([
      { castingRun: 'RUN-1', coils: 1, coilsKg: 6600, melts: [{ castNumber: 'M-1', kg: 6700 }] },
    ])
    await plant.happened(AT, example('CastingRunFinished'))
    expect(await plant.ask('/api/casting-runs/RUN-1')).toMatchObject({
      ...{ state: 'finished', balance: { inKg: 6700, lossKg: 40 }, finishedAt: '2026-11-09T12:30:00.000Z' },
      castCoils: [{ coil: 'CAST-1', netWeightKg: 6600, location: 'B1' }],
    })
    expect((await plant.ask('/api/casting-runs?state=running')).items).toEqual([])
  })

  it('of processing show inputs, what was planned, outputs and the balance', async () => {
    await plant.happened(
      AT,
      example('ProcessOrderPlanned'),
      example('ProcessOrderPlanned', { processOrder: 'PO-9', line: 'MILL-1' }),
    )
    const { items } = await plant.ask('/api/process-orders?line=SLIT-1&state=planned')
    expect(items).toMatchObject([
      { processOrder: 'PO-1', inputs: [{ coil: 'AZ-1' }], dueAt: '2026-11-09T12:30:00.000Z' },
    ])
    await plant.happened(AT, example('ProcessOrderStarted'), example('ProcessOrderCompleted'))
    expect(await plant.ask('/api/process-orders/PO-1')).toMatchObject({
      ...{ state: 'completed', inputs: [{ kg: 6853 }], outputs: [{ coil: 'AZ-1-A' }, { coil: 'AZ-1-B' }] },
      ...{ balance: { scrapKg: 50 }, override: { approvedBy: 'Ion Ionescu' }, endedAt: '2026-11-09T12:30:00.000Z' },
    })
    await plant.happened(AT, example('ProcessOrderAborted', { processOrder: 'PO-9' }))
    expect((await plant.ask('/api/process-orders')).items.map(({ state }: { state: string }) => state)).toEqual([
      'aborted',
      'completed',
    ])
  })

  it('of a supplier show what has come and what has not', async () => {
    await plant.happened(
      AT,
      example('PackingListAccepted', { coils: ['L-1', 'L-2'], kg: 12_000 }),
      example('PackingListAccepted', { coils: ['L-3'], kg: 6000, rowsLeftOut: 0, faults: [] }),
      ...['L-1', 'L-2', 'L-3'].map((coil) => coilAnnounced({ coil, netWeightKg: 6000 })),
      coilReceived({ coil: 'L-2', announced: true, netWeightKg: 5990 }),
      example('CoilReceived', { coil: 'L-3', announced: true }),
    )
    const amounts = { coils: 3, kg: 18_000, expectedCoils: 1, expectedKg: 6000, openDifferences: 1, rowsLeftOut: 0 }
    expect((await plant.ask('/api/packing-lists?supplier=AZAL')).items).toMatchObject([amounts])
    expect(await plant.ask('/api/packing-lists/PL-1')).toMatchObject({
      ...amounts,
      announced: [
        { coil: 'L-1', physical: 'expected', receivedWeightKg: null },
        { coil: 'L-2', physical: 'in-stock', announcedWeightKg: 6000, receivedWeightKg: 5990, openDifferenceKg: null },
        { coil: 'L-3', openDifferenceKg: -47, receivedAt: '2026-11-07T08:00:00.000Z' },
      ],
    })
  })
})

describe('The API document', () => {
  it('tells of every route what it does, what it answers and who may ask', async () => {
    const { body } = await plant.http.get('/api/openapi.json')
    const paths = body.paths as Record<string, { get?: { summary?: string; responses: Record<string, object> } }>
    const ours = Object.entries(paths).filter(([path]) => !/projections|health/.test(path))
    expect(ours.length).toBeGreaterThan(25)
    for (const [path, { get }] of ours) {
      expect([path, get?.summary?.length]).toEqual([path, expect.any(Number)])
      expect([path, JSON.stringify(get?.responses['200'])]).toEqual([path, expect.stringContaining('"schema"')])
      expect([path, JSON.stringify(get)]).toEqual([path, expect.stringContaining('"after"')])
      expect([path, JSON.stringify(get)]).toEqual([path, expect.stringContaining('"x-roles"')])
    }
  })
})
