/** What of another's might come to a partner by side ways: with a title that passed, a hold that came down, a list's faults. */
import { InventoryModule } from '#apps/inventory/src/inventory.module'
import { example } from '../support/every-fact.js'
import { castStrip } from '../support/facts.js'
import { type PartnerClient, partnerClient } from '../support/partner-client.js'
import { type ReadSide, readSide } from '../support/read-side.js'
import { BALT, wordsOf } from '../support/two-owners.js'

const AT = '2026-11-09T08:00:00Z'

let plant: ReadSide
let azal: PartnerClient
beforeAll(async () => {
  plant = await readSide(InventoryModule)
  azal = await partnerClient(plant, 'AZAL')
})
afterAll(() => plant.close())

const passes = (coil: string) =>
  example('TitleTransferred', { coil, from: 'BALT', to: 'AZAL', holder: 'ALRO', reason: 'BX-debt' })

describe('A partner to whom a title passed', () => {
  it('learns from its family tree neither the casting run nor the order that made it', async () => {
    const order = { processOrder: 'BX-PO', line: 'SLIT-1', step: 'slit' as const }
    await plant.happened(
      AT,
      example('MeltRecorded', { castNumber: 'M-1', owner: 'BALT', from: [] }),
      example('MeltCharged', { castNumber: 'M-1', castingRun: 'BX-RUN' }),
      example('CoilCast', {
        coil: 'RUN-1',
        owner: 'BALT',
        castingRun: 'BX-RUN',
        melts: [{ castNumber: 'M-1', kg: 6800 }],
      }),
      example('CoilProduced', {
        ...order,
        coil: 'RUN-1-A',
        owner: 'BALT',
        melts: ['M-1'],
        from: [{ coil: 'RUN-1', kg: 6000 }],
        product: castStrip,
      }),
      passes('RUN-1'),
      passes('RUN-1-A'),
    )
    await plant.ask('/api/stock')
    for (const path of ['/api/coils/RUN-1/genealogy', '/api/coils/RUN-1-A', '/api/coils/RUN-1', '/api/melts/M-1']) {
      const { status, text } = await azal.get(path)
      expect([path, status]).toEqual([path, 200])
      expect(text).not.toMatch(wordsOf(BALT))
    }
  })

  it('learns of no order that was given up while the coil was another’s, and of one that still is to come', async () => {
    const order = { line: 'SLIT-1', step: 'slit' as const }
    await plant.happened(
      AT,
      example('CoilReceived', { coil: 'PLAN-1', owner: 'BALT' }),
      example('ProcessOrderPlanned', { ...order, processOrder: 'BX-PO-7', inputs: ['PLAN-1'] }),
      example('ProcessOrderAborted', { ...order, processOrder: 'BX-PO-7', inputs: ['PLAN-1'], startedAt: undefined }),
      passes('PLAN-1'),
      example('ProcessOrderPlanned', { ...order, processOrder: 'PO-8', inputs: ['PLAN-1'] }),
    )
    await plant.ask('/api/stock')
    const { text, json } = await azal.get('/api/process-orders')
    expect(text).not.toMatch(wordsOf(BALT))
    expect(json().items).toMatchObject([{ processOrder: 'PO-8', inputs: [{ coil: 'PLAN-1' }] }])
    expect((await azal.get('/api/process-orders/BX-PO-7')).status).toBe(404)
  })

  it('is not told who had to do with it before', async () => {
    await plant.happened(
      AT,
      example('CoilReceived', { coil: 'WHO-1', owner: 'BALT' }),
      example('CoilHeld', { coil: 'WHO-1', reason: 'BX-why' }),
      passes('WHO-1'),
      example('CoilMoved', { coil: 'WHO-1' }),
    )
    await plant.ask('/api/stock')
    const { holds, timeline } = (await azal.get('/api/coils/WHO-1')).json()
    expect(timeline.map(({ actor }: { actor: string | null }) => actor)).toEqual([
      null,
      null,
      'Ana Popescu',
      'Ana Popescu',
    ])
    expect(holds[0].by).toBeUndefined()
  })

  it('reads no books of what an owner before sent out and took back', async () => {
    const sale = { salesOrder: 'BX-SO', customer: 'METALCO' }
    const { netWeightKg } = example('CoilReceived').data
    await plant.happened(
      AT,
      example('CoilReceived', { coil: 'BACK-1', owner: 'BALT' }),
      example('CoilSold', { ...sale, coil: 'BACK-1', owner: 'BALT', mandate: 'BX-M' }),
      example('CoilDispatched', { ...sale, coil: 'BACK-1', deliveryNote: 'BX-DN', netWeightKg }),
      example('CoilReturned', { coil: 'BACK-1', salesOrder: 'BX-SO', netWeightKg, reason: 'BX-scratched' }),
      passes('BACK-1'),
    )
    await plant.ask('/api/stock')
    const { text, json } = await azal.get('/api/coils/BACK-1')
    expect(text).not.toMatch(wordsOf(BALT))
    expect(json().books).toMatchObject({ returnedKg: 0, dispatchedKg: 0, onHandKg: netWeightKg, unaccountedKg: 0 })
  })

  it('is told where an expected coil comes from by whoever has it in hands', async () => {
    await plant.happened(
      AT,
      example('CoilAnnounced', { coil: 'SOON-1', owner: 'BALT', supplier: 'BALT' }),
      passes('SOON-1'),
    )
    await plant.ask('/api/stock')
    expect((await azal.get('/api/coils/SOON-1')).json().where).toBe('expected from ALRO')
  })
})

describe('A partner whose coil was made of another’s', () => {
  it('is not told why that one was held', async () => {
    await plant.happened(
      AT,
      example('CoilReceived', { coil: 'BX-20', owner: 'BALT' }),
      example('CoilProduced', {
        coil: 'AZ-20',
        owner: 'AZAL',
        from: [{ coil: 'BX-20', kg: 6000 }],
        product: castStrip,
      }),
      example('CoilHeld', { coil: 'BX-20', hold: 'hold-1', reason: 'BX-complaint' }),
      example('CoilHeld', { coil: 'AZ-20', hold: 'hold-1', reason: 'BX-complaint', cause: 'BX-20' }),
      example('CoilHeld', { coil: 'AZ-20', hold: 'hold-2', reason: 'dent' }),
      example('CoilReleased', { coil: 'AZ-20', hold: 'hold-0', reason: 'BX-no-longer', cause: 'BX-20' }),
    )
    await plant.ask('/api/stock')
    for (const path of [
      '/api/coils/AZ-20',
      '/api/coils/AZ-20/timeline',
      '/api/stock?q=AZ-20',
      '/api/stock.csv?q=AZ-20',
    ]) {
      const { status, text } = await azal.get(path)
      expect([path, status]).toEqual([path, 200])
      expect(text).not.toMatch(wordsOf(BALT))
      if (!path.includes('timeline')) expect(text).toContain('dent')
    }
  })
})

describe('A partner who names another’s coils in a packing list', () => {
  it('is told that their numbers are in use, and not what was announced of them', async () => {
    const fault = (column: string, value: string, before: string) => ({
      ...{ row: 3, column, value, rule: 'announced-otherwise' },
      message: `coil BX-30 was announced before with ${column} ${before}, not ${value}`,
    })
    await plant.happened(
      AT,
      example('PackingListAccepted', {
        packingList: 'PL-30',
        owner: 'AZAL',
        faults: [
          { row: 2, column: 'net_weight_kg', value: 'x', rule: 'not-a-number', message: 'this is not a number' },
          fault('net_weight_kg', '1', '6850'),
          fault('owner', 'AZAL', 'BALT'),
          fault('agreement', '', 'BX-AGR'),
        ],
      }),
    )
    await plant.ask('/api/stock')
    const { text, json } = await azal.get('/api/packing-lists/PL-30')
    expect(text).not.toMatch(/BALT|BX-AGR|6850/)
    expect(json().faults.map(({ row, rule }: { row: number; rule: string }) => [row, rule])).toEqual([
      [2, 'not-a-number'],
      [3, 'coil-number-used'],
    ])
  })
})
