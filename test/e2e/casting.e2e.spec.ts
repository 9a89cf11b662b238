import { OperationsModule } from '#apps/operations/src/operations.module'
import { FixedClock } from '#platform/clock'
import { meltRecorded } from '#test/support/facts'
import type { Answer, CallOptions } from '#test/support/http'
import { describeInProfiles } from '#test/support/profiles'
import { type ReadSide, readSide } from '#test/support/read-side'

const chemistry = { Si: 0.62, Fe: 0.78, Cu: 0.02, Mn: 0.03, Mg: 0.02, Cr: 0.01, Zn: 0.02, Ti: 0.02 }
const strip = { gaugeMm: 7, widthMm: 1250, innerDiameterMm: 508, outerDiameterMm: 1695, netWeightKg: 6853 }

await describeInProfiles('Casting at the plant', (profile) => {
  let plant: ReadSide
  beforeEach(async () => {
    plant = await readSide(OperationsModule, { profile, clock: new FixedClock('2026-11-10T12:00:00Z') })
  })
  afterEach(() => plant.close())

  const post = (path: string, body: object, options: CallOptions = {}) =>
    plant.http.post(`/api${path}`, body, { as: 'operator', ...options })
  const analyse = (castNumber: string, body: object, options: CallOptions = {}) =>
    post(`/melts/${castNumber}/analysis`, body, { as: 'quality', ...options })
  const start = (more: object = {}, options: CallOptions = {}) =>
    post(
      '/casting-runs',
      { castingRun: 'RUN-1', line: 'CAST-1', alloy: 'EN AW-8011A', owner: 'AZAL', ...more },
      options,
    )
  const cast = (coils: object[], options: CallOptions = {}) =>
    post(
      '/casting-runs/RUN-1/coils',
      { coils: coils.map((coil) => ({ ...strip, location: 'YARD', ...coil })) },
      options,
    )
  const typesOf = ({ body }: Answer<{ events: { type: string }[] }>) => body.events.map(({ type }) => type)
  const rulesOf = ({ body }: Answer<{ errors: { rule: string; pointer?: string }[] }>) =>
    body.errors.map(({ rule, pointer }) => [rule, pointer])

  it('goes from a run’s start over melts and analyses to coils and a balance', async () => {
    expect(typesOf(await start())).toEqual(['CastingRunStarted', 'LineEngaged'])
    await post('/casting-runs/RUN-1/melts', { castNumber: 'G26-1', netWeightKg: 10_000, furnace: 'F1' })
    const early = await cast([{ coil: 'C-1' }])
    expect([early.status, early.body.rule]).toEqual([422, 'melt-not-analysed'])

    expect(typesOf(await analyse('G26-1', { elements: chemistry }))).toEqual(['MeltAnalysed'])
    expect((await cast([{ coil: 'C-1' }])).status).toBe(201)

    // A second melt, from coils remelted here, outside its limits.
    await plant.happened(
      '2026-11-09T08:00:00Z',
      meltRecorded({ castNumber: 'G26-2', origin: 'remelt', netWeightKg: 11_000 }),
    )
    expect((await post('/casting-runs/RUN-1/melts', { castNumber: 'G26-2' })).status).toBe(201)
    const outside = { elements: { ...chemistry, Cu: 0.13 } }
    expect(rulesOf(await analyse('G26-2', outside))).toEqual([['analysis-outside-limits', '/elements/Cu']])
    const accepted = await analyse('G26-2', { ...outside, accepted: { reason: 'for foil stock only' } })
    expect(accepted.body.events[0].data).toMatchObject({
      outside: [{ element: 'Cu', value: 0.13, max: 0.1 }],
      accepted: { reason: 'for foil stock only', acceptedBy: 'quality' },
    })
    const spanning = [
      { castNumber: 'G26-1', kg: 3000 },
      { castNumber: 'G26-2', kg: 3853 },
    ]
    const casts = await cast([
      { coil: 'C-2', melts: spanning },
      { coil: 'C-3', melts: [{ castNumber: 'G26-2', kg: 6853 }] },
    ])
    expect(casts.status).toBe(201)

    const short = await post('/casting-runs/RUN-1/finish', {})
    expect([short.status, short.body.rule]).toEqual([422, 'mass-out-of-balance'])
    const key = 'finish-run-1'
    const finished = await post('/casting-runs/RUN-1/finish', { scrapKg: 300, lossKg: 100 }, { key })
    expect(finished.body.events[0].data.balance).toEqual({
      inKg: 21_000,
      outKg: 20_559,
      scrapKg: 300,
      lossKg: 100,
      differenceKg: 41,
    })
    expect(typesOf(finished)).toEqual(['CastingRunFinished', 'LineFreed'])
    expect((await cast([{ coil: 'C-4' }])).body.errors[0].rule).toBe('casting-run-finished')
    expect((await start({ castingRun: 'RUN-2' })).status).toBe(201)

    const again = await post('/casting-runs/RUN-1/finish', { scrapKg: 300, lossKg: 100 }, { key })
    expect(again.body).toEqual({ ...finished.body, replayed: true })
  })

  it('on one caster is one run at a time, of ten starts at the same moment too', async () => {
    const starts = await Promise.all(Array.from({ length: 10 }, (_, i) => start({ castingRun: `RUN-${i}` })))
    expect(starts.filter(({ status }) => status === 201)).toHaveLength(1)
    const refused = starts.filter(({ status }) => status !== 201)
    expect(refused.every(({ status, body }) => status === 422 && body.rule === 'line-busy')).toBe(true)
    expect((await start({ castingRun: 'RUN-X', line: 'CAST-2' })).status).toBe(201)
  })

  it('without a number makes one, the same for the same key', async () => {
    const options = { key: 'a-scanner-key-1' }
    const body = { line: 'CAST-1', alloy: 'EN AW-8011A', owner: 'AZAL' }
    const first = await post('/casting-runs', body, options)
    expect(first.body.events[0].data.castingRun).toMatch(/^RUN-[0-9A-Z]{12}$/)
    expect((await post('/casting-runs', body, options)).body).toEqual({ ...first.body, replayed: true })
  })

  it('rule 1: gives a coil number once, of two casters at the same moment too', async () => {
    for (const [run, line, melt] of [
      ['RUN-1', 'CAST-1', 'G26-1'],
      ['RUN-2', 'CAST-2', 'G26-2'],
    ]) {
      await start({ castingRun: run, line })
      await post(`/casting-runs/${run}/melts`, { castNumber: melt, netWeightKg: 10_000 })
      await analyse(melt!, { elements: chemistry })
    }
    const one = { coils: [{ ...strip, coil: 'C-1', location: 'YARD' }] }
    const both = await Promise.all(['RUN-1', 'RUN-2'].map((run) => post(`/casting-runs/${run}/coils`, one)))
    expect(both.map(({ status }) => status).sort()).toEqual([201, 422])
    expect(rulesOf(both.find(({ status }) => status === 422)!)).toEqual([['coil-number-used', '/coils/0/coil']])
  })

  it('takes the certificate of a supplier’s melt, and asks for what it needs to know it', async () => {
    const unknown = await analyse('S-1', { elements: chemistry })
    expect([unknown.status, unknown.body.rule]).toEqual([404, 'unknown-melt'])
    const declared = await analyse('S-1', { elements: chemistry, alloy: 'EN AW-8011A', owner: 'AZAL' })
    expect(typesOf(declared)).toEqual(['MeltRecorded', 'MeltAnalysed'])
    await start()
    const charged = await post('/casting-runs/RUN-1/melts', { castNumber: 'S-1' })
    expect(rulesOf(charged)).toContainEqual(['melt-of-supplier', '/castNumber'])
  })

  it('is for those whose work it is, and knows what it does not know', async () => {
    await start()
    expect((await analyse('G26-1', { elements: chemistry }, { as: 'operator' })).status).toBe(403)
    expect((await start({ castingRun: 'RUN-3' }, { as: 'sales' })).status).toBe(403)
    expect((await post('/casting-runs/RUN-9/finish', {})).body.rule).toBe('unknown-casting-run')
    expect((await start({ castingRun: 'RUN-4', alloy: 'EN AW-9999' })).body.rule).toBe('unknown-alloy')
    expect((await start({ castingRun: 'RUN-5', line: 'SLIT-1' })).body.rule).toBe('line-cannot-do-step')
    const wrong = await cast([{ coil: 'C-1', temper: 'H99', location: 'NOWHERE' }])
    expect(rulesOf(wrong)).toEqual([
      ['unknown-temper', '/coils/0/temper'],
      ['melts-missing', '/coils/0/melts'],
      ['unknown-location', '/coils/0/location'],
    ])
    const elements = { Si: -1, Unobtainium: 5 }
    expect((await analyse('G26-1', { elements })).status).toBe(400)
    const stale = await post('/casting-runs/RUN-1/finish', {}, { headers: { 'if-match': '"5"' } })
    expect(stale.status).toBe(412)
  })
})
