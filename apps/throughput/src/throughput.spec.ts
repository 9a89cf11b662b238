import type { PlantFact } from '#domain/events'
import { currentVersion } from '#domain/events'
import { streamOf } from '#domain/streams'
import type { EventStore } from '#event-store/event-store'
import { EVENT_STORE } from '#platform/store'
import { type TestApp, testApp } from '#test/support/app'
import { castStrip, coilReceived, lineDefined, plantConfigured } from '#test/support/facts'
import { ThroughputModule } from './throughput.module.js'

const rolled = { ...castStrip, gaugeMm: 3, temper: 'H14' }

let plant: TestApp
let token = '0'

/** Records what happened at a time, plant time of November: UTC+2. */
async function happened(at: string, ...facts: readonly PlantFact[]): Promise<void> {
  const store = plant.app.get<EventStore>(EVENT_STORE)
  for (const fact of facts) {
    const metadata = { occurredAt: new Date(at).toISOString(), schemaVersion: String(currentVersion(fact.type)) }
    const events = [{ type: fact.type, data: fact.data, metadata }]
    const { position } = await store.append([{ stream: streamOf(fact), expected: 'any', events }])
    token = position.toString()
  }
}

async function ask(path: string) {
  const question = `/api/${path}${path.includes('?') ? '&' : '?'}after=${token}`
  const { status, body } = await plant.http.get(question, { as: 'auditor' })
  if (status !== 200) throw new Error(`${path}: ${JSON.stringify(body)}`)
  return body
}

function completed(
  processOrder: string,
  startedAt: string,
  completedAt: string,
  weights: { kgIn: number; kgOut: number; scrapKg: number; remnantKg?: number; owner?: string },
): PlantFact {
  const { kgIn, kgOut, scrapKg, remnantKg = 0, owner = 'AZAL' } = weights
  const lossKg = 0
  const outKg = kgOut + remnantKg
  const output = { coil: `${processOrder}-A`, kg: kgOut, owner, product: rolled, remnant: false }
  const remnant = { ...output, coil: `${processOrder}-R`, kg: remnantKg, product: castStrip, remnant: true }
  return {
    type: 'ProcessOrderCompleted',
    data: {
      ...{ processOrder, line: 'MILL-1', step: 'roll', startedAt, completedAt, toleranceKg: 20 },
      inputs: [{ coil: `${processOrder}-M`, kg: kgIn, owner, product: castStrip }],
      outputs: remnantKg > 0 ? [output, remnant] : [output],
      balance: { inKg: kgIn, outKg, scrapKg, lossKg, differenceKg: kgIn - outKg - scrapKg },
    },
  }
}

beforeAll(async () => {
  plant = await testApp({ module: ThroughputModule })
  const line = { line: 'MILL-1', name: 'Mill 1', kind: 'mill' as const, steps: ['roll' as const] }
  await happened('2026-11-01T00:00:00+02:00', plantConfigured(), lineDefined(line))
  await happened(
    '2026-11-09T20:00:00+02:00',
    // From the night of the 9th into the small hours of the 10th, which are the 9th's still.
    completed('PO-1', '2026-11-09T17:00:00+02:00', '2026-11-09T20:00:00+02:00', {
      kgIn: 9000,
      kgOut: 8800,
      scrapKg: 190,
    }),
  )
  await happened(
    '2026-11-10T02:00:00+02:00',
    completed('PO-2', '2026-11-09T19:00:00+02:00', '2026-11-10T02:00:00+02:00', {
      kgIn: 8000,
      kgOut: 5000,
      scrapKg: 100,
      remnantKg: 2890,
    }),
  )
})

afterAll(() => plant.close())

describe('throughput', () => {
  it('counts kg in the shift and on the day that the order was finished, and remnants neither in nor out', async () => {
    const { groups, totals } = await ask('throughput?by=line,day,shift')
    expect(groups).toEqual([
      expect.objectContaining({
        ...{ line: 'MILL-1', day: '2026-11-09', shift: 'day', orders: 0, kgIn: 0, kgOut: 0 },
        ...{ runningHours: 1, kgPerHour: 0, yieldPercent: null },
      }),
      expect.objectContaining({
        ...{ line: 'MILL-1', day: '2026-11-09', shift: 'night', orders: 2, coilsIn: 2, coilsOut: 2 },
        ...{ kgIn: 14_110, kgOut: 13_800, scrapKg: 290, lossKg: 0, differenceKg: 20, yieldPercent: 97.8 },
        // 18:00 to 20:00 and 19:00 to 02:00 are eight hours of the line, not nine.
        ...{ runningHours: 8, kgPerHour: 1725 },
      }),
    ])
    expect(totals).toMatchObject({ orders: 2, kgIn: 14_110, kgOut: 13_800, runningHours: 9 })
  })

  it('groups by week and month of the plant, and by product and owner', async () => {
    const { groups } = await ask('throughput?by=week,month,product,owner&from=2026-11-01&to=2026-11-30')
    expect(groups).toEqual([
      expect.objectContaining({
        week: '2026-W46',
        month: '2026-11',
        product: 'EN AW-8011A H14',
        owner: 'AZAL',
        kgOut: 13_800,
      }),
    ])
  })

  it('measures the lead time of a coil from the receipt of its oldest metal, until the sale is cancelled', async () => {
    const sold: PlantFact = {
      type: 'CoilSold',
      data: { coil: 'AZ-2', salesOrder: 'SO-1', line: 1, customer: 'METALCO', owner: 'AZAL', netWeightKg: 5000 },
    }
    const child: PlantFact = {
      type: 'CoilProduced',
      data: {
        ...{ coil: 'AZ-2', processOrder: 'PO-9', line: 'MILL-1', step: 'roll', from: [{ coil: 'AZ-1', kg: 5000 }] },
        ...{ melts: ['G26-3107'], remnant: false, owner: 'AZAL', holder: 'ALRO', product: rolled, netWeightKg: 5000 },
        ...{ weighing: { by: 'scale' }, location: 'B1' },
      },
    }
    await happened('2026-11-01T08:00:00+02:00', coilReceived({ coil: 'AZ-1' }))
    await happened('2026-11-03T08:00:00+02:00', child)
    await happened('2026-11-05T20:00:00+02:00', sold)
    expect((await ask('throughput/lead-times?by=product,month')).groups).toEqual([
      expect.objectContaining({ product: 'EN AW-8011A H14', month: '2026-11', coils: 1, kg: 5000, medianHours: 108 }),
    ])
    await happened('2026-11-06T08:00:00+02:00', {
      type: 'CoilSaleCancelled',
      data: { coil: 'AZ-2', salesOrder: 'SO-1', reason: 'customer withdrew' },
    })
    expect((await ask('throughput/lead-times')).totals).toMatchObject({ coils: 0, kg: 0, medianHours: null })
  })

  it('shows a coil as work in process from its start to its end on the line', async () => {
    const on = { coil: 'AZ-3', processOrder: 'PO-3', line: 'MILL-1', step: 'roll' as const }
    await happened('2026-11-06T08:00:00+02:00', coilReceived({ coil: 'AZ-3', netWeightKg: 6000 }))
    await happened('2026-11-06T09:00:00+02:00', { type: 'CoilProcessingStarted', data: { ...on, from: 'B1' } })
    expect(await ask('throughput/work-in-process')).toEqual({
      lines: [{ line: 'MILL-1', step: 'roll', orders: 1, coils: 1, kg: 6000, oldestSince: '2026-11-06T07:00:00.000Z' }],
      totals: { coils: 1, kg: 6000 },
    })
    await happened('2026-11-06T10:00:00+02:00', {
      type: 'CoilProcessingAborted',
      data: { ...on, location: 'B1', reason: 'strip broke' },
    })
    expect((await ask('throughput/work-in-process')).totals).toEqual({ coils: 0, kg: 0 })
  })

  it('says what is wrong with a question, all at once', async () => {
    await expect(ask('throughput?by=colour&from=yesterday')).rejects.toThrow(/from.*by|by.*from/s)
    await expect(ask('throughput?from=2026-11-10&to=2026-11-01')).rejects.toThrow('before')
  })
})
