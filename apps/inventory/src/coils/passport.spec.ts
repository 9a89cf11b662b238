import { everyFact, example } from '#test/support/every-fact'
import { alloyDefined, coilAnnounced, coilHeld, coilReceived, coilReserved } from '#test/support/facts'
import { type ReadSide, readSide } from '#test/support/read-side'
import { InventoryModule } from '../inventory.module.js'
import { passport } from './passport.schema.js'

let plant: ReadSide
beforeAll(async () => {
  plant = await readSide(InventoryModule)
})
afterAll(() => plant.close())

const passportOf = async (coil: string) => passport.parse(await plant.ask(`/api/coils/${coil}`))

describe('The passport of a coil', () => {
  beforeAll(async () => {
    await plant.happened('2026-11-01T08:00:00Z', alloyDefined())
    await plant.happened(
      '2026-11-07T08:00:00+02:00',
      coilAnnounced({ netWeightKg: 6900 }),
      coilReceived({ announced: true, difference: everyFact.CoilReceived.difference }),
    )
    await plant.happened('2026-11-08T08:00:00+02:00', example('CoilWeighed'), coilHeld(), coilReserved())
    // Told late: it happened before the coil was weighed.
    await plant.happened('2026-11-07T20:00:00+02:00', example('CoilMoved'))
  })

  it('says where it is, whose it is, what it weighs and who wants it', async () => {
    const coil = await passportOf('AZ-1')
    expect(coil).toMatchObject({
      ...{ physical: 'in-stock', quality: 'held', commercial: 'reserved', owner: 'AZAL', holder: 'ALRO' },
      ...{ onHand: true, available: false, where: 'in B2', location: 'B2', netWeightKg: 6850, weighedBy: 'scale' },
      ...{ salesOrder: 'SO-1', customer: 'METALCO', reservation: 'reservation-1', openDifferenceKg: -47 },
      ...{ announcedWeightKg: 6900, packingList: 'PL-1', supplier: 'AZAL', revision: 5 },
      holds: [{ hold: 'hold-1', reason: 'surface', since: '2026-11-08T06:00:00.000Z', by: 'Ana Popescu' }],
    })
    expect(coil.weighings.map(({ netWeightKg, how }) => `${netWeightKg} ${how}`)).toEqual([
      '6900 announced',
      '6853 received, weighed on GATE',
      '6850 weighed on HALL',
    ])
    expect(coil.books).toMatchObject({ initialKg: 6853, adjustmentKg: -3, onHandKg: 6850, unaccountedKg: 0 })
  })

  it('tells its whole life in words, and what was told late', async () => {
    const { timeline } = await passportOf('AZ-1')
    expect(timeline.map(({ words }) => words)).toEqual([
      'Announced by AZAL on packing list PL-1: EN AW-8011A F, 7 × 1250 mm, 6,900 kg, melt G26-3107',
      expect.stringMatching(/^Received from AZAL into B1: .* someone must accept it$/),
      'Weighed on HALL: 6,850 kg, before 6,853 kg (−3 kg)',
      'Put on hold: surface',
      'Reserved for METALCO, order SO-1 line 1, until 2026-11-17 12:00 UTC',
      'Moved from B1 to B2',
    ])
    expect(timeline.map(({ late }) => late)).toEqual([false, false, false, false, false, true])
    expect(timeline.at(-1)).toMatchObject({
      ...{ actor: 'Ana Popescu', role: 'operator', source: 'scanner', occurredAt: '2026-11-07T18:00:00.000Z' },
      data: { from: 'B1', to: 'B2' },
    })
  })

  it('is paged too, for a coil with a long life', async () => {
    const first = await plant.ask('/api/coils/AZ-1/timeline?limit=4')
    const second = await plant.ask(`/api/coils/AZ-1/timeline?limit=4&cursor=${first.next}`)
    expect([...first.items, ...second.items]).toEqual((await passportOf('AZ-1')).timeline)
    expect(second.next).toBeNull()
  })

  it('has the revision that a command must name in If-Match as its ETag', async () => {
    const { headers } = await plant.http.get('/api/coils/AZ-1')
    expect(headers.get('etag')).toBe('"5"')
  })

  it('has the chemistry of its melts, by the kilograms of the generations before', async () => {
    await plant.happened(
      '2026-11-08T08:00:00Z',
      example('MeltAnalysed', { castNumber: 'M-1', elements: { Si: 0.6, Fe: 0.8 }, outside: [], accepted: undefined }),
      example('MeltAnalysed', { castNumber: 'M-1', elements: { Si: 0.5, Fe: 0.9 }, outside: [], accepted: undefined }),
      example('MeltAnalysed', { castNumber: 'M-2', elements: { Si: 0.7, Fe: 0.7, Cu: 0.01 }, outside: [] }),
      example('CoilCast', {
        coil: 'MIXED',
        melts: [
          { castNumber: 'M-1', kg: 3000 },
          { castNumber: 'M-2', kg: 1000 },
        ],
        netWeightKg: 4000,
      }),
      example('CoilCast', { coil: 'PURE', melts: [{ castNumber: 'M-1', kg: 4000 }], netWeightKg: 4000 }),
      example('CoilProduced', {
        coil: 'JOINED',
        from: [
          { coil: 'MIXED', kg: 4000 },
          { coil: 'PURE', kg: 4000 },
        ],
        melts: ['M-1', 'M-2'],
        netWeightKg: 8000,
      }),
    )
    const { chemistry, mothers } = await passportOf('JOINED')
    expect(chemistry.melts.map(({ castNumber, percent }) => [castNumber, percent])).toEqual([
      ['M-1', 87.5],
      ['M-2', 12.5],
    ])
    expect(chemistry.elements).toEqual({ Si: 0.525, Fe: 0.875 })
    expect(chemistry.limits).toEqual(alloyDefined().data.limits)
    expect(chemistry.melts[0]!.analysis?.elements).toEqual({ Si: 0.5, Fe: 0.9 })
    expect(mothers.map(({ coil, kg }) => `${coil} ${kg}`)).toEqual(['MIXED 4000', 'PURE 4000'])
    expect((await passportOf('MIXED')).children).toMatchObject([{ coil: 'JOINED', kg: 4000 }])
  })

  it('does not know the chemistry of a coil whose melt nobody analysed', async () => {
    const { chemistry } = await passportOf('AZ-1')
    expect(chemistry.elements).toBeNull()
    expect(chemistry.melts).toMatchObject([{ castNumber: 'G26-3107', percent: 100, analysis: null }])
  })

  it('of an unknown coil is a problem that says so', async () => {
    const { status, body } = await plant.http.get('/api/coils/NOBODY')
    expect([status, body.rule, body.values]).toEqual([404, 'unknown-coil', { coil: 'NOBODY' }])
    expect((await plant.http.get('/api/coils/n%20o')).status).toBe(400)
  })

  it('of a melt lists the coils made from it', async () => {
    const melt = await plant.ask('/api/melts/M-1')
    expect(melt.coils).toEqual([
      { coil: 'MIXED', kg: 3000, step: 'cast' },
      { coil: 'PURE', kg: 4000, step: 'cast' },
    ])
    expect(melt.analyses).toHaveLength(2)
  })
})
