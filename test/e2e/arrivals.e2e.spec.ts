import { readFile } from 'node:fs/promises'
import { OperationsModule } from '#apps/operations/src/operations.module'
import { FixedClock } from '#platform/clock'
import { type TestApp, testApp } from '#test/support/app'
import type { CallOptions } from '#test/support/http'
import { describeInProfiles } from '#test/support/profiles'

const GOOD = 'packing-list-AZ-261107.csv'
const EXCEL = 'packing-list-AZ-261107-excel-ro.csv'
const FAULTY = 'packing-list-faulty.csv'
const AZAL = '?supplier=AZAL&owner=AZAL'

const sample = (name: string) => readFile(new URL(`../fixtures/${name}`, import.meta.url))
const strip = { alloy: 'EN AW-8011A', temper: 'F', gaugeMm: 7, widthMm: 1250 }
const wound = { ...strip, innerDiameterMm: 508, outerDiameterMm: 1695 }
const told = { supplier: 'AZAL', owner: 'AZAL', castNumber: 'G26-3107', product: wound }
const onScale = { by: 'scale', scale: 'GATE-1' }

await describeInProfiles('Arrivals at the plant', (profile) => {
  let plant: TestApp
  const clock = new FixedClock('2026-11-10T12:00:00Z')
  beforeEach(async () => {
    plant = await testApp({ profile, module: OperationsModule, clock })
  })
  afterEach(() => plant.close())

  const announce = async (file: string | Uint8Array, query = '', options: CallOptions = {}) =>
    plant.http.post(
      `/api/packing-lists${query}`,
      typeof file === 'string' && file.endsWith('.csv') ? await sample(file) : file,
      { as: 'operator', ...options, headers: { 'content-type': 'text/csv' } },
    )
  const receive = (body: object, options: CallOptions = {}) =>
    plant.http.post('/api/receipts', body, { as: 'operator', ...options })
  const rulesOf = (answer: { body: { errors: { rule: string; pointer?: string }[] } }) =>
    answer.body.errors.map(({ rule, pointer }) => [rule, pointer])

  it('announces the coils of a packing list; the same content in another dialect changes nothing', async () => {
    const first = await announce(GOOD)
    expect(first.status).toBe(201)
    expect(first.body).toMatchObject({ announced: 24, unchanged: 0, faulty: 0, kg: 163_114, announcedKg: 163_114 })
    expect(first.body.rows).toHaveLength(24)
    expect(first.body.rows[0]).toEqual({ row: 3, coil: 'AZ-261107-001', result: 'announced', netWeightKg: 6853 })
    expect(first.body.events[0].data).toMatchObject({
      supplier: 'AZAL',
      deliveryNote: 'DN-26-1107',
      agreement: 'TOLL-2026-01',
      vehicle: '10-AZ-811 / wagon 3155 4782 119-2',
      shippedAt: '2026-11-07T02:30:00.000Z',
      kg: 163_114,
    })
    expect(first.headers.get('consistency-token')).toBe(first.body.token)

    for (const [file, query] of [
      [GOOD, ''],
      [EXCEL, AZAL],
    ] as const) {
      const again = await announce(file, query)
      expect(again.status).toBe(200)
      expect(again.body).toMatchObject({ announced: 0, unchanged: 24, kg: 163_114, announcedKg: 0, events: [] })
      expect(again.body.packingList).toBe(first.body.packingList)
    }
  })

  it('answers a retry under the same key with the first outcome, also after the coils were received', async () => {
    const first = await announce(EXCEL, AZAL, { key: 'scanner-retries' })
    const coils = ['AZ-261107-001', 'AZ-261107-002'].map((coil) => ({ coil }))
    expect((await receive({ location: 'BAY-01', coils })).status).toBe(201)
    const retry = await announce(EXCEL, AZAL, { key: 'scanner-retries' })
    expect([retry.status, retry.headers.get('idempotency-replayed')]).toEqual([201, 'true'])
    expect(retry.body).toEqual({ ...first.body, replayed: true })
    const other = await announce(GOOD, '', { key: 'scanner-retries' })
    expect([other.status, other.body.rule]).toEqual([422, 'idempotency-key-reused'])
  })

  it('refuses a faulty list whole, and names every fault of its eleven bad rows', async () => {
    const answer = await announce(FAULTY, AZAL)
    expect(answer.status).toBe(422)
    expect(answer.body).toMatchObject({ rule: 'packing-list-faulty', values: { rows: 12, good: 1, faulty: 11 } })
    const errors = answer.body.errors as { rule: string; value: string; values: { row: number; column: string } }[]
    expect(errors.map(({ rule, value, values: { row, column } }) => [row, column, value, rule])).toEqual([
      [3, 'coil_number', 'AZ-261199-001', 'coil-number-doubled'],
      [4, 'net_weight_kg', '-9000', 'weight-out-of-range'],
      [5, 'gross_weight_kg', '7163', 'gross-below-net'],
      [6, 'alloy', 'EN AW-99999', 'alloy-form'],
      [7, 'width_mm', 'wide', 'not-a-number'],
      [8, 'coil_number', '', 'cell-empty'],
      [9, 'net_weight_kg', '62000', 'weight-out-of-range'],
      [10, 'gauge_mm', '0', 'gauge-out-of-range'],
      [11, 'produced_on', '2027-13-41', 'not-a-date'],
      [12, 'temper', 'Z9', 'temper-form'],
      [13, 'coil_number', 'AZ-261199-012\\u{202E}', 'coil-number-form'],
    ])
    expect((await announce(FAULTY, `${AZAL}&dryRun=true`)).body).toMatchObject({ announced: 1, unchanged: 0 })
  })

  it('announces the good rows only when asked, and tells the same of the others on a retry', async () => {
    const first = await announce(FAULTY, `${AZAL}&goodRowsOnly=true`, { key: 'good-rows-only' })
    expect(first.status).toBe(201)
    expect(first.body).toMatchObject({ announced: 1, faulty: 11, kg: 6853 })
    expect(first.body.faults).toHaveLength(11)
    // A number that is written backwards by a hidden character is shown with it, not by it.
    expect(first.body.rows.at(-1).coil).toBe('AZ-261199-012\\u{202E}')
    expect(first.body.events[0].data).toMatchObject({ coils: ['AZ-261199-001'], rowsLeftOut: 11 })
    const retry = await announce(FAULTY, `${AZAL}&goodRowsOnly=true`, { key: 'good-rows-only' })
    expect(retry.body).toEqual({ ...first.body, replayed: true })
    expect((await announce(FAULTY, `${AZAL}&goodRowsOnly=true`)).body).toMatchObject({ announced: 0, unchanged: 1 })
  })

  it('tries a list without recording anything, and without a key', async () => {
    const trial = await announce(GOOD, '?dryRun', { key: null })
    expect(trial.status).toBe(200)
    expect(trial.body).toMatchObject({ dryRun: true, announced: 24, kg: 163_114, events: [] })
    expect((await announce(GOOD)).body.announced).toBe(24)
  })

  it('takes a form with a file; what is told beside it wins over its comment line', async () => {
    const form = new FormData()
    form.set('deliveryNote', 'DN-CORRECTED')
    form.set('file', new Blob([await sample(GOOD)]), 'list.csv')
    const answer = await plant.http.post('/api/packing-lists', form, { as: 'planner' })
    expect(answer.status).toBe(201)
    expect(answer.body.events[0].data).toMatchObject({ deliveryNote: 'DN-CORRECTED', agreement: 'TOLL-2026-01' })
    expect((await announce(GOOD)).body.errors[0]).toMatchObject({ rule: 'announced-otherwise' })
  })

  it('says who may, and what it cannot read', async () => {
    expect((await announce(GOOD, '', { as: 'sales' })).status).toBe(403)
    expect((await announce(GOOD, '', { as: null })).status).toBe(401)
    expect((await announce(GOOD, '', { key: null })).status).toBe(400)
    const latin1 = await announce(Buffer.from('coil_number\r\nAZ-1\r\nM\xfcnchen\r\n', 'latin1'), AZAL)
    expect([latin1.status, latin1.body.rule, latin1.body.values]).toEqual([422, 'packing-list-unreadable', { row: 3 }])
    const open = await announce('coil_number,remarks\nAZ-1,"never closed\n', AZAL)
    expect([open.status, open.body.rule]).toEqual([422, 'packing-list-unreadable'])
    const flag = await announce(GOOD, '?dryRun=perhaps&colour=red')
    expect(rulesOf(flag).map(([, pointer]) => pointer)).toEqual(['/dryRun', '/colour'])
    expect((await plant.http.post('/api/packing-lists', { coils: [] }, { as: 'operator' })).status).toBe(415)
    expect((await announce(EXCEL)).body.errors).toMatchObject([{ rule: 'supplier-missing' }, { rule: 'owner-missing' }])
  })

  it('describes the route as it is: a file or a text, and what goes with it', async () => {
    const { paths } = (await plant.http.get('/api/openapi.json')).body
    const { requestBody, parameters, responses } = paths['/api/packing-lists'].post
    expect(Object.keys(requestBody.content)).toEqual(['text/csv', 'multipart/form-data'])
    expect(parameters.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['supplier', 'dryRun', 'goodRowsOnly', 'Idempotency-Key']),
    )
    expect(JSON.stringify(responses['201'])).toContain('announcedKg')
    expect(JSON.stringify(paths['/api/receipts'].post.requestBody)).toContain('castNumber')
  })

  it('announces 5,000 coils in one go, and no more than that', async () => {
    const header = 'coil_number,cast_number,alloy,temper,gauge_mm,width_mm,net_weight_kg'
    const row = (i: number) => `BIG-${i},G26-1,EN AW-8011A,F,7,1250,6853`
    const rows = Array.from({ length: 5001 }, (_, i) => row(i))
    const long = await announce([header, ...rows].join('\n'), AZAL)
    expect([long.status, long.body.errors[0].rule]).toEqual([422, 'list-too-long'])
    const answer = await announce([header, ...rows.slice(1)].join('\n'), AZAL)
    expect(answer.status).toBe(201)
    expect(answer.body).toMatchObject({ announced: 5000, kg: 5000 * 6853 })
  })

  it('of ten senders of one list at once announces it for one', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => announce(GOOD)))
    expect(answers.map(({ body }) => body.announced).sort((a, b) => b - a)).toEqual([24, ...Array(9).fill(0)])
    expect(answers.every(({ body }) => body.announced + body.unchanged === 24)).toBe(true)
  })

  it('receives announced coils, weighed or declared, flags a difference and lets it be accepted once', async () => {
    await announce(GOOD)
    const coils = [
      { coil: 'AZ-261107-001' },
      { coil: 'AZ-261107-002', netWeightKg: 6700, weighing: onScale, location: 'BAY-02' },
    ]
    const body = { location: 'BAY-01', coils, occurredAt: '2026-11-09T05:00:00+02:00' }
    const answer = await receive(body, { key: 'lorry-10-AZ-811' })
    expect(answer.status).toBe(201)
    const received = answer.body.events.filter(({ type }: { type: string }) => type === 'CoilReceived')
    expect(received[0].data).toMatchObject({ announced: true, holder: 'ALRO', netWeightKg: 6853, location: 'BAY-01' })
    expect(received[1].data).toMatchObject({
      location: 'BAY-02',
      difference: { announcedKg: 6808, differenceKg: -108, beyondTolerance: true },
    })
    expect(received[0].occurredAt).toBe('2026-11-09T03:00:00.000Z')

    const accept = '/api/coils/AZ-261107-002/accept-difference'
    expect((await plant.http.post(accept, { reason: 'seen' }, { as: 'operator' })).status).toBe(403)
    const accepted = await plant.http.post(accept, { reason: 'wet packing' }, { as: 'quality' })
    expect(accepted.body.events[0].data).toMatchObject({ differenceKg: -108, acceptedBy: 'quality' })
    const twice = await plant.http.post(accept, { reason: 'again' }, { as: 'planner' })
    expect([twice.status, twice.body.rule]).toEqual([422, 'no-open-difference'])
    expect((await plant.http.post('/api/coils/AZ-NONE/accept-difference', { reason: 'x' })).status).toBe(404)

    const retry = await receive(body, { key: 'lorry-10-AZ-811' })
    expect(retry.body).toEqual({ ...answer.body, replayed: true })
    expect((await announce(GOOD)).body).toMatchObject({ announced: 0, unchanged: 24 })
  })

  it('names all faults of a receipt at once, and receives none of its coils', async () => {
    await announce(GOOD)
    const answer = await receive({
      location: 'BAY-01',
      coils: [
        { coil: 'NEW-1', ...told, netWeightKg: 6853, grossWeightKg: 6000 },
        { coil: 'NEW-1', ...told, netWeightKg: 9999 },
        { coil: 'AZ-261107-001', owner: 'ALRO', location: 'NOWHERE' },
        { coil: 'NEW-2', product: { ...wound, temper: 'T8', outerDiameterMm: 510 } },
        { coil: 'AZ-261107-002', weighing: onScale },
      ],
    })
    expect(answer.status).toBe(404)
    expect(rulesOf(answer).sort()).toEqual(
      [
        ['gross-below-net', '/coils/0/grossWeightKg'],
        ['coil-named-twice', '/coils/1/coil'],
        ['weight-implausible', '/coils/1/netWeightKg'],
        ['differs-from-announcement', '/coils/2/owner'],
        ['unknown-location', '/coils/2/location'],
        ['unannounced-coil-incomplete', '/coils/3/supplier'],
        ['unannounced-coil-incomplete', '/coils/3/owner'],
        ['unannounced-coil-incomplete', '/coils/3/castNumber'],
        ['unannounced-coil-incomplete', '/coils/3/netWeightKg'],
        ['outer-diameter-too-small', '/coils/3/product/outerDiameterMm'],
        ['unknown-temper', '/coils/3/product/temper'],
        ['weight-missing', '/coils/4/netWeightKg'],
      ].sort(),
    )
    const good = { coil: 'NEW-1', ...told, netWeightKg: 6853, weighing: onScale }
    expect((await receive({ location: 'BAY-01', coils: [good] })).status).toBe(201)
    const again = await receive({ location: 'BAY-01', coils: [good] })
    expect([again.status, again.body.rule]).toEqual([422, 'coil-number-used'])
    const future = await receive({
      location: 'BAY-01',
      coils: [{ coil: 'AZ-261107-001' }],
      occurredAt: '2026-11-11T00:00:00Z',
    })
    expect([future.status, future.body.rule]).toEqual([422, 'occurred-in-the-future'])
    const nowhere = await receive({ coils: [{ coil: 'AZ-261107-001' }] })
    expect([nowhere.status, rulesOf(nowhere)]).toEqual([400, [['required', '/coils/0/location']]])
  })
})
