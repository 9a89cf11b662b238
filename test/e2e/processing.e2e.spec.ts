import { OperationsModule } from '#apps/operations/src/operations.module'
import { FixedClock } from '#platform/clock'
import { type TestApp, testApp } from '#test/support/app'
import type { CallOptions } from '#test/support/http'
import { describeInProfiles } from '#test/support/profiles'

const strip = { alloy: 'EN AW-8011A', temper: 'F', gaugeMm: 7, widthMm: 1250, innerDiameterMm: 508 }

await describeInProfiles('Processing', (profile) => {
  let plant: TestApp
  const clock = new FixedClock('2026-11-10T12:00:00Z')
  beforeAll(async () => {
    plant = await testApp({ profile, module: OperationsModule, clock })
  })
  afterAll(() => plant.close())

  let received = 0
  /** So many coils of 10,000 kg in BAY-01 and on. */
  const receive = async (count: number, product: object = {}) => {
    const numbers = Array.from({ length: count }, () => `AZ-${++received}`)
    const coils = numbers.map((coil, i) => ({
      coil,
      netWeightKg: 10_000,
      supplier: 'AZAL',
      owner: 'AZAL',
      castNumber: 'G26-3107',
      product: { ...strip, ...product },
      location: count > 60 ? 'YARD' : `BAY-0${(i % 2) + 1}`,
    }))
    const answer = await plant.http.post('/api/receipts', { coils }, { as: 'operator' })
    expect(answer.status).toBe(201)
    return numbers
  }
  const plan = (body: object, options: CallOptions = {}) =>
    plant.http.post('/api/process-orders', body, { as: 'planner', ...options })
  const act = (deed: string, order: string, body: object = {}, options: CallOptions = {}) =>
    plant.http.post(`/api/process-orders/${order}/${deed}`, body, { as: 'operator', ...options })
  const rulesOf = (answer: { body: { errors: { rule: string; pointer?: string }[] } }) =>
    answer.body.errors.map(({ rule, pointer }) => [rule, pointer])
  const out = (coil: string, netWeightKg: number, told: object = {}) => ({
    coil,
    netWeightKg,
    location: 'YARD',
    weighing: { by: 'scale', scale: 'EXIT' },
    ...told,
  })
  const started = async (line: string, step: string, inputs: string[]) => {
    const planned = await plan({ line, step, inputs })
    expect(planned.status).toBe(201)
    const order = planned.body.events[0].data.processOrder as string
    expect((await act('start', order)).status).toBe(201)
    return order
  }

  it('slits a coil: planned, started, completed, and each answered again when sent again', async () => {
    const [coil] = await receive(1)
    const key = 'the planner clicks twice'.replaceAll(' ', '-')
    const body = { line: 'SLIT-1', step: 'slit', inputs: [coil], planned: [{ widthMm: 610, pieces: 2 }] }
    const planned = await plan(body, { key })
    expect(planned.status).toBe(201)
    const order = planned.body.events[0].data.processOrder as string
    expect(planned.body.subject).toBe(`processOrder-${order}`)
    expect((await act('start', order)).status).toBe(201)

    const outputs = [out(`${coil}-A`, 4880, { widthMm: 610 }), out(`${coil}-B`, 4880, { widthMm: 610 })]
    const completion = { outputs, scrapKg: 235, trimMm: 30 }
    const done = await act('complete', order, completion, { key: 'scanner-1', headers: { 'if-match': '"1"' } })
    expect(done.status).toBe(201)
    expect(done.body.events.map((event: { type: string }) => event.type)).toEqual([
      'ProcessOrderCompleted',
      'CoilConsumed',
      'CoilProduced',
      'CoilStored',
      'CoilStored',
      'CoilProduced',
    ])
    expect(done.headers.get('etag')).toBe('"2"')

    expect((await act('complete', order, completion, { key: 'scanner-1' })).body).toEqual({
      ...done.body,
      replayed: true,
    })
    expect((await plan(body, { key })).body).toEqual({ ...planned.body, replayed: true })
    const again = await act('complete', order, completion)
    expect([again.status, again.body.rule]).toEqual([422, 'process-order-not-started'])
    const stale = await act('abort', order, { reason: 'too late' }, { headers: { 'if-match': '"1"' } })
    expect(stale.status).toBe(412)
  })

  it('names every broken rule at once, with the field', async () => {
    const [coil] = await receive(1)
    const order = await started('SLIT-1', 'slit', [coil!])
    const answer = await act('complete', order, {
      outputs: [
        out(coil!, 4000, { widthMm: 700, gaugeMm: 6 }),
        out('Z-1', 4000, { widthMm: 700, temper: 'H14', location: 'NOWHERE' }),
      ],
    })
    expect(answer.status).toBe(404)
    expect(rulesOf(answer).sort()).toEqual(
      [
        ['coil-number-used', '/outputs/0/coil'],
        ['gauge-changed', '/outputs/0/gaugeMm'],
        ['temper-changed', '/outputs/1/temper'],
        ['widths-exceed-mother', '/outputs'],
        ['mass-out-of-balance', undefined],
        ['unknown-location', '/outputs/1/location'],
      ].sort(),
    )
    const unclear = await act('complete', order, { outputs: [{ coil: 'a b', netWeightKg: 1.5 }], scrapKg: -1 })
    expect(unclear.status).toBe(400)
    expect(unclear.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([
      '/outputs/0/coil',
      '/outputs/0/netWeightKg',
      '/outputs/0/location',
      '/scrapKg',
    ])
  })

  it('gives a coil to one of many orders that start at once', async () => {
    const [coil] = await receive(1)
    const numbers = await Promise.all(
      Array.from({ length: 8 }, async (_, i) => {
        const processOrder = `RACE-${i}`
        expect((await plan({ processOrder, line: 'COLD-1', step: 'roll', inputs: [coil] })).status).toBe(201)
        return processOrder
      }),
    )
    const answers = await Promise.all(numbers.map((number) => act('start', number)))
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, ...Array<number>(7).fill(422)])
    expect(answers.find((answer) => answer.status === 422)!.body.rule).toBe('coil-not-in-stock')
  })

  it('takes coils along a route: rolled, annealed, joined, cut to sheets, the rest melted', async () => {
    const [one, two] = await receive(2)
    const rolled = await started('COLD-1', 'roll', [one!, two!])
    const outputs = [
      out('R-1', 9990, { gaugeMm: 3, temper: 'H14', from: [{ coil: one }] }),
      out('R-2', 6000, { gaugeMm: 3, temper: 'H14', from: [{ coil: two }] }),
      out('R-3', 4000, { remnant: true, from: [{ coil: two }] }),
    ]
    expect((await act('complete', rolled, { outputs, lossKg: 5 })).status).toBe(201)

    const annealed = await started('ANNEAL-1', 'anneal', ['R-1', 'R-2'])
    const results = ['R-1', 'R-2'].map((coil) => ({ coil, temper: 'O', location: 'BAY-03' }))
    expect((await act('complete', annealed, { results })).status).toBe(201)

    const joined = await started('JOIN-1', 'join', ['R-1', 'R-2'])
    const join = await act('complete', joined, { outputs: [out('J-1', 15_990)] })
    expect(join.body.events.find((event: { type: string }) => event.type === 'CoilProduced').data).toMatchObject({
      from: [
        { coil: 'R-1', kg: 9990 },
        { coil: 'R-2', kg: 6000 },
      ],
      product: { temper: 'O', gaugeMm: 3 },
    })

    const cut = await started('CTL-1', 'cut-to-length', ['J-1'])
    const sheets = { lengthMm: 2500, sheets: 600 }
    expect((await act('complete', cut, { outputs: [out('P-1', 15_240, sheets)], scrapKg: 750 })).status).toBe(201)

    const melted = await started('REMELT-1', 'remelt', ['R-3'])
    const melt = { castNumber: 'RM-1', netWeightKg: 4650, scrapChargedKg: 750 }
    const remelt = await act('complete', melted, { melt, lossKg: 90 })
    expect(remelt.body.events[1]).toMatchObject({
      type: 'MeltRecorded',
      stream: 'melt-RM-1',
      data: { origin: 'remelt' },
    })
  })

  it('aborts an order and gives its coils back, whether it had started or not', async () => {
    const [one, two] = await receive(2)
    await plan({ processOrder: 'AB-1', line: 'SLIT-1', step: 'slit', inputs: [one] })
    expect((await act('abort', 'AB-1', { reason: 'customer cancelled' })).body.events).toHaveLength(1)
    const order = await started('SLIT-1', 'slit', [one!, two!])
    const late = await act('complete', order, { occurredAt: '2026-11-10T11:00:00Z', scrapKg: 20_000 })
    expect(rulesOf(late)).toEqual([['before-start', '/occurredAt']])
    const back = { reason: 'knife broke', location: 'BAY-05', locations: [{ coil: two, location: 'BAY-06' }] }
    expect((await act('abort', order, back)).status).toBe(201)
    expect((await started('SLIT-1', 'slit', [one!, two!])).length).toBeGreaterThan(0)
  })

  it('is for planners and operators, and knows what there is', async () => {
    const [coil] = await receive(1)
    expect((await plan({ line: 'SLIT-1', step: 'slit', inputs: [coil] }, { as: 'sales' })).status).toBe(403)
    expect((await act('start', 'NONE-1')).body.rule).toBe('unknown-process-order')
    const unknown = await plan({ line: 'SLIT-1', step: 'slit', inputs: ['AZ-0', coil, 'AZ-00'] })
    expect(unknown.status).toBe(404)
    expect(rulesOf(unknown)).toEqual([
      ['unknown-coil', '/inputs/0'],
      ['unknown-coil', '/inputs/2'],
    ])
    expect((await plan({ line: 'NO-LINE', step: 'slit', inputs: [coil] })).status).toBe(404)
  })

  it('runs an order of 500 coils into 2000 in a few seconds', async () => {
    const inputs = await receive(500)
    const begin = performance.now()
    const order = await started('SLIT-1', 'slit', inputs)
    const outputs = inputs.flatMap((coil) =>
      [1, 2, 3, 4].map((n) => out(`${coil}-${n}`, 2500, { widthMm: 312, from: [{ coil }] })),
    )
    const done = await act('complete', order, { outputs })
    expect(done.status).toBe(201)
    expect(done.body.events).toHaveLength(1 + 500 + 2000 + 2000)
    expect(performance.now() - begin).toBeLessThan(15_000)
  })
})
