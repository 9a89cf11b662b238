import { OperationsModule } from '#apps/operations/src/operations.module'
import { FixedClock } from '#platform/clock'
import { approve } from '#test/support/approvals'
import {
  coilConsumed,
  coilProduced,
  coilReceived,
  coilReserved,
  coilStored,
  coilsReserved,
  salesOrderPlaced,
} from '#test/support/facts'
import type { Answer, CallOptions } from '#test/support/http'
import { personOf } from '#test/support/people'
import { describeInProfiles } from '#test/support/profiles'
import { type ReadSide, readSide } from '#test/support/read-side'

await describeInProfiles('Coils of the plant', (profile) => {
  let plant: ReadSide
  beforeEach(async () => {
    plant = await readSide(OperationsModule, { profile, clock: new FixedClock('2026-11-10T12:00:00Z') })
    for (const coil of ['AZ-1', 'AZ-2']) {
      await plant.happened(
        '2026-11-09T08:00:00Z',
        coilReceived({ coil, location: 'BAY-01' }),
        coilStored(coil, 'BAY-01'),
      )
    }
  })
  afterEach(() => plant.close())

  const post = (path: string, body: object, options: CallOptions = {}) =>
    plant.http.post(`/api${path}`, body, { as: 'operator', ...options })
  const typesOf = ({ body }: Answer<{ events: { type: string }[] }>) => body.events.map(({ type }) => type)
  const rulesOf = ({ body }: Answer<{ errors: { rule: string; pointer?: string }[] }>) =>
    body.errors.map(({ rule, pointer }) => [rule, pointer])

  it('are weighed, moved, inspected, and corrected by the event that told it wrong', async () => {
    const weighed = await post('/coils/AZ-1/weigh', { netWeightKg: 6840, scale: 'BAY' })
    expect(weighed.status).toBe(201)
    expect(weighed.body.events[0].data).toMatchObject({ previousNetWeightKg: 6853, adjustmentKg: -13 })
    expect((await post('/coils/AZ-1/move', { to: 'BAY-02' })).status).toBe(201)

    const right = { netWeightKg: 6804, reason: 'digits swapped', eventId: weighed.body.events[0].id }
    const corrected = await post('/coils/AZ-1/correct-weight', right, { as: 'quality' })
    expect(corrected.body.events[0].data).toMatchObject({
      corrects: { eventId: weighed.body.events[0].id, type: 'CoilWeighed', revision: 1 },
      adjustmentKg: -36,
    })
    const again = await post('/coils/AZ-1/correct-weight', { ...right, netWeightKg: 6805 }, { as: 'quality' })
    expect([again.status, again.body.rule]).toEqual([422, 'event-overtaken'])

    const metal = { product: { temper: 'O', gaugeMm: 7.1 }, reason: 'label misread' }
    expect((await post('/coils/AZ-1/correct-product', metal, { as: 'planner' })).body.events[0].data).toMatchObject({
      previous: { temper: 'F', gaugeMm: 7 },
      product: { temper: 'O', gaugeMm: 7.1, widthMm: 1250 },
    })
    const unknown = { product: { temper: 'H99' }, reason: 'label misread' }
    expect(rulesOf(await post('/coils/AZ-1/correct-product', unknown, { as: 'planner' }))).toEqual([
      ['unknown-temper', '/product/temper'],
    ])
    expect(typesOf(await post('/coils/AZ-1/inspect', { result: 'conforming' }))).toEqual(['CoilInspected'])
  })

  it('rule 2: are held with what was made from them, and released by the name of the hold', async () => {
    await plant.happened(
      '2026-11-09T10:00:00Z',
      coilConsumed({
        coil: 'AZ-1',
        into: [
          { coil: 'AZ-1A', kg: 3400 },
          { coil: 'AZ-1B', kg: 3400 },
        ],
      }),
      coilProduced({ coil: 'AZ-1A', location: 'BAY-02' }),
      coilProduced({ coil: 'AZ-1B', location: 'BAY-02' }),
      coilConsumed({ coil: 'AZ-1B', into: [{ coil: 'AZ-1BB', kg: 3300 }] }),
      coilProduced({ coil: 'AZ-1BB', from: [{ coil: 'AZ-1B', kg: 3300 }], location: 'BAY-02' }),
    )
    const key = 'k'.repeat(128)
    const held = await post('/coils/AZ-1/hold', { reason: 'oxide bands' }, { key })
    expect(held.status).toBe(201)
    expect(held.body.events.map((event: { stream: string }) => event.stream)).toEqual([
      'coil-AZ-1',
      'coil-AZ-1A',
      'coil-AZ-1BB',
    ])
    const { hold } = held.body.events[0].data
    expect((await post('/coils/AZ-1A/hold', { reason: 'dents' })).status).toBe(201)

    const release = { hold, reason: 'within the agreement' }
    expect((await post('/coils/AZ-1/release', release)).status).toBe(403)
    const second = await personOf(plant, 'quality')
    const asked = await post('/coils/AZ-1/release', release, { as: 'quality' })
    const released = await approve(second, asked)
    expect(typesOf(released)).toEqual(['CoilReleased', 'CoilReleased', 'CoilReleased', 'ApprovalGranted'])
    expect((await post('/coils/AZ-1A/release', release, { as: 'quality' })).body.rule).toBe('no-such-hold')

    // Replayed after it was released: still the first outcome, and nothing is held anew.
    const replayed = await post('/coils/AZ-1/hold', { reason: 'oxide bands' }, { key })
    expect(replayed.headers.get('idempotency-replayed')).toBe('true')
    expect(replayed.body).toEqual({ ...held.body, replayed: true })
    expect(typesOf(await post('/packs', { coils: ['AZ-1BB'] }))).toEqual(['PackMade', 'CoilPacked'])
  })

  it('found nonconforming are on hold at once, and may be downgraded, which answers the hold', async () => {
    const found = await post(
      '/coils/AZ-1/inspect',
      { result: 'nonconforming', findings: ['edge cracks'] },
      { as: 'quality' },
    )
    expect(typesOf(found)).toEqual(['CoilInspected', 'CoilHeld'])
    expect(found.body.events[0].data.inspector).toBe('quality')
    expect((await post('/packs', { coils: ['AZ-1', 'AZ-2'] })).body.rule).toBe('coil-on-hold')
    const judged = { grade: 'B', reason: 'trim 20 mm', liftHolds: true }
    const asked = await post('/coils/AZ-1/downgrade', judged, { as: 'quality' })
    expect(typesOf(await approve(await personOf(plant, 'quality'), asked))).toEqual([
      'CoilDowngraded',
      'CoilReleased',
      'ApprovalGranted',
    ])
    expect((await post('/packs', { coils: ['AZ-1', 'AZ-2'] })).status).toBe(201)
  })

  it('are packed onto a skid, moved with it, and unpacked', async () => {
    const packed = await post('/packs', { pack: 'P-1', coils: ['AZ-1', 'AZ-2'] })
    expect(packed.body).toMatchObject({ subject: 'pack-P-1', revision: 0 })
    expect((await post('/packs', { pack: 'P-1', coils: ['AZ-1'] })).body.errors).toHaveLength(2)
    expect((await post('/coils/AZ-1/move', { to: 'BAY-02' })).body.rule).toBe('coil-not-in-stock')
    expect((await post('/packs/P-1/move', { to: 'DISPATCH' })).status).toBe(201)
    expect(typesOf(await post('/packs/P-1/unpack', { reason: 'one coil less' }))).toEqual([
      'PackOpened',
      'CoilUnpacked',
      'CoilUnpacked',
    ])
    expect((await post('/packs/P-1/unpack', { reason: 'again' })).body.rule).toBe('pack-opened')
    expect((await post('/coils/AZ-1/move', { to: 'BAY-02' })).status).toBe(201)
  })

  it('rule 4: are scrapped for good; a reservation that is over ends with it', async () => {
    await plant.happened(
      '2026-11-09T10:00:00Z',
      salesOrderPlaced(),
      coilsReserved({ until: '2026-11-10T11:00:00.000Z' }),
      coilReserved({ until: '2026-11-10T11:00:00.000Z' }),
    )
    const gone = { kind: 'process-scrap', reason: 'fell off the crane' }
    expect((await post('/coils/AZ-1/scrap', gone)).status).toBe(403)
    const scrapped = await post('/coils/AZ-1/scrap', gone, { as: 'planner' })
    expect(scrapped.status).toBe(201)
    expect(typesOf(scrapped)).toContain('CoilScrapped')
    const after = await post('/coils/AZ-1/weigh', { netWeightKg: 6800, scale: 'BAY' })
    expect([after.status, after.body.rule]).toEqual([422, 'coil-not-in-stock'])
  })

  it('go to another owner by those who may decide that', async () => {
    const sale = { to: 'ALRO', reason: 'bought under TOLL-2026-01' }
    expect((await post('/coils/AZ-1/transfer-title', sale)).status).toBe(403)
    expect((await post('/coils/AZ-1/transfer-title', sale, { as: 'contract-manager' })).body.events[0].data).toEqual({
      coil: 'AZ-1',
      from: 'AZAL',
      to: 'ALRO',
      holder: 'ALRO',
      reason: 'bought under TOLL-2026-01',
    })
    const nobody = await post('/coils/AZ-1/transfer-title', { ...sale, to: 'NOBODY' }, { as: 'planner' })
    expect([nobody.status, rulesOf(nobody)]).toEqual([404, [['unknown-partner', '/to']]])
  })

  it('tell all that is wrong with a command at once, and know which revision was meant', async () => {
    const light = { netWeightKg: 68, grossWeightKg: 60, scale: 'BAY' }
    expect(rulesOf(await post('/coils/AZ-1/weigh', light))).toEqual([
      ['gross-below-net', '/grossWeightKg'],
      ['weight-implausible', '/netWeightKg'],
    ])
    expect((await post('/coils/AZ-1/weigh', { netWeightKg: 0, scale: '', colour: 'red' })).body.errors).toHaveLength(3)
    const kg = { netWeightKg: 6840, scale: 'BAY' }
    expect((await post('/coils/AZ-1/weigh', kg, { headers: { 'if-match': '"7"' } })).status).toBe(412)
    expect((await post('/coils/AZ-1/weigh', kg, { headers: { 'if-match': '"0"' } })).headers.get('etag')).toBe('"1"')
    expect((await post('/coils/AZ-9/weigh', kg)).body.rule).toBe('unknown-coil')
    expect((await post('/packs/P-9/unpack', { reason: 'x' })).body.rule).toBe('unknown-pack')
    expect((await post('/coils/AZ-1/hold', { reason: 'x' }, { as: 'sales' })).status).toBe(403)
    expect((await post('/coils/AZ-1/hold', { reason: 'x' }, { as: null })).status).toBe(401)
  })

  it('are held and taken to a line at the same moment by two people: one of both is first, never neither', async () => {
    for (let i = 0; i < 5; i++) {
      const coil = `R-${i}`
      await plant.happened('2026-11-09T08:00:00Z', coilReceived({ coil, location: 'YARD' }), coilStored(coil, 'YARD'))
      const pack = { pack: `P-R-${i}`, coils: [coil] }
      const [held, packed] = await Promise.all([post(`/coils/${coil}/hold`, { reason: 'dents' }), post('/packs', pack)])
      expect(held.status).toBe(201)
      expect([201, 422]).toContain(packed.status)
      if (packed.status === 422) expect(packed.body.rule).toBe('coil-on-hold')
    }
  })
})
