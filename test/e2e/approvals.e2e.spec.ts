/** What one person may not do alone: asked for by one, answered by another, and both in the event. */
import { StandaloneModule } from '#apps/standalone/src/standalone.module'
import { FixedClock } from '#platform/clock'
import { approve } from '#test/support/approvals'
import { coilHeld, coilReceived, coilSold, coilStored } from '#test/support/facts'
import type { Answer, CallOptions } from '#test/support/http'
import { type Person, personOf } from '#test/support/people'
import { describeInProfiles } from '#test/support/profiles'
import { type ReadSide, readSide } from '#test/support/read-side'

const NOW = '2026-11-10T12:00:00.000Z'
const DAY_MS = 86_400_000

await describeInProfiles('What takes two people', (profile) => {
  const clock = new FixedClock(NOW)
  let plant: ReadSide
  let ana: Person
  let ion: Person
  let coils = 0
  beforeAll(async () => {
    plant = await readSide(StandaloneModule, { profile, clock })
    ana = await personOf(plant, 'quality')
    ion = await personOf(plant, 'quality')
  })
  beforeEach(() => clock.set(NOW))
  afterAll(() => plant.close())

  /** A coil under the hold `hold-1`. */
  const heldCoil = async () => {
    const coil = `AZ-${++coils}`
    const arrived = coilReceived({ coil, location: 'BAY-01' })
    await plant.happened('2026-11-09T08:00:00Z', arrived, coilStored(coil, 'BAY-01'), coilHeld({ coil }))
    return coil
  }
  const release = (coil: string, by: Person = ana, options?: CallOptions) =>
    by.http.post(`/api/coils/${coil}/release`, { hold: 'hold-1', reason: 'edge trimmed' }, options)
  const answer = (what: 'approve' | 'refuse' | 'withdraw', asked: Answer<unknown>, by: Person, body: object = {}) =>
    by.http.post(`${asked.headers.get('location')}/${what}`, body)
  const read = ({ headers, body }: Answer<{ token: string }>, by: Person = ion) =>
    by.http.get(`${headers.get('location')}?after=${body.token}`)
  const typesOf = ({ body }: Answer<{ events: { type: string }[] }>) => body.events.map(({ type }) => type)
  const history = async (coil: string) =>
    ((await plant.store.readMany([{ stream: `coil-${coil}` }])).get(`coil-${coil}`) ?? []).slice(2)

  it('is recorded as asked for, and nothing else, until the second one agrees; then both are in the event', async () => {
    const coil = await heldCoil()
    const asked = await release(coil, ana, { key: 'asked-for-once' })
    expect(asked.status).toBe(202)
    expect(asked.headers.get('location')).toMatch(/^\/api\/approvals\/[0-9a-f]{20}$/)
    expect(typesOf(asked)).toEqual(['ApprovalRequested'])
    expect(asked.body).toMatchObject({ revision: 0, subject: expect.stringMatching(/^approval-/) })
    expect(await history(coil)).toEqual([])

    clock.advance(3_600_000)
    const granted = await approve(ion, asked)
    expect([granted.status, typesOf(granted)]).toEqual([201, ['CoilReleased', 'ApprovalGranted']])
    const [released] = await history(coil)
    expect(released!.data).toMatchObject({ requestedBy: ana.name, approvedBy: ion.name, reason: 'edge trimmed' })
    // It is still the deed of the one who asked, at the time that they told.
    expect(released!.metadata).toMatchObject({
      actor: ana.name,
      role: 'quality',
      source: 'ui',
      occurredAt: NOW,
      causationId: 'asked-for-once',
      schemaVersion: '2',
    })
    expect(granted.body.events[1].data).toMatchObject({ requestedBy: ana.name, approvedBy: { name: ion.name } })
    expect(granted.body.events[1].occurredAt).toBe('2026-11-10T13:00:00.000Z')
  })

  it('is answered the same again under the same key, whatever has come of it, and is not another’s', async () => {
    const coil = await heldCoil()
    const asked = await release(coil, ana, { key: 'sent-by-a-tablet' })
    const again = () => release(coil, ana, { key: 'sent-by-a-tablet' })
    expect((await again()).body).toEqual({ ...asked.body, replayed: true })
    const granted = await approve(ion, asked, { key: 'approved-by-a-tablet' })
    expect(await again()).toMatchObject({ status: 202, body: { ...asked.body, replayed: true } })
    const twice = await approve(ion, asked, { key: 'approved-by-a-tablet' })
    expect(twice).toMatchObject({ status: 201, body: { ...granted.body, replayed: true } })
    expect((await approve(ion, asked)).body).toMatchObject({ rule: 'approval-over', values: { standing: 'granted' } })

    const other = { hold: 'hold-1', reason: 'something else' }
    const reused = await ana.http.post(`/api/coils/${coil}/release`, other, { key: 'sent-by-a-tablet' })
    expect([reused.status, reused.body.rule]).toEqual([422, 'idempotency-key-reused'])
    const next = await heldCoil()
    const ofAnother = await release(next, ion, { key: 'sent-by-a-tablet' })
    expect([ofAnother.status, ofAnother.headers.get('location')]).not.toEqual([202, asked.headers.get('location')])
    expect(ofAnother.status).toBe(202)
  })

  it('is refused at once where a rule refuses it, and acted on at the revision that was looked at', async () => {
    const coil = await heldCoil()
    const wrong = await ana.http.post(`/api/coils/${coil}/release`, { hold: 'hold-9', reason: 'edge trimmed' })
    expect([wrong.status, wrong.body.rule]).toEqual([422, 'no-such-hold'])
    const stale = await release(coil, ana, { headers: { 'if-match': '"0"' } })
    expect(stale.status).toBe(412)
    const asked = await release(coil, ana, { headers: { 'if-match': '"1"' } })
    expect(asked.status).toBe(202)
    await plant.http.post(`/api/coils/${coil}/move`, { to: 'BAY-02' }, { as: 'operator' })
    expect((await approve(ion, asked)).status).toBe(201)
  })

  it('is not done by one alone, nor by a key, nor by whoever may not do it themselves', async () => {
    const coil = await heldCoil()
    const asked = await release(coil)
    for (const what of ['approve', 'refuse'] as const) {
      const body = what === 'refuse' ? { reason: 'not now' } : {}
      expect((await answer(what, asked, ana, body)).body.rule).toBe('second-person-needed')
      const byKey = await plant.http.post(`${asked.headers.get('location')}/${what}`, body, { as: 'quality' })
      expect([byKey.status, byKey.body.rule]).toEqual([422, 'approval-needs-a-person'])
      const operator = await answer(what, asked, await personOf(plant, 'operator'), body)
      expect([operator.status, operator.body.rule]).toEqual([403, 'not-allowed'])
    }
    expect(await history(coil)).toEqual([])
    expect((await answer('approve', asked, await personOf(plant, 'administrator'))).status).toBe(201)
  })

  it('may be asked for by a key; whoever made the key is not the second one', async () => {
    const maker = await personOf(plant, 'administrator')
    const made = await maker.http.post('/api/keys', { name: `bench of ${maker.name}`, role: 'quality' })
    const coil = await heldCoil()
    const asked = await plant.http.post(
      `/api/coils/${coil}/release`,
      { hold: 'hold-1', reason: 'edge trimmed' },
      { as: null, headers: { authorization: `Bearer ${made.body.token}` } },
    )
    expect(asked.body.events[0].data.requestedBy).toMatchObject({ kind: 'key', madeBy: maker.account })
    expect((await approve(maker, asked)).body.rule).toBe('second-person-needed')
    expect((await approve(ion, asked)).status).toBe(201)
    expect((await history(coil))[0]!.data).toMatchObject({ requestedBy: `bench of ${maker.name}` })
  })

  it('is not even asked for by a key that may not touch the place', async () => {
    const admin = await personOf(plant, 'administrator')
    const scope = { locations: ['BAY-02'] }
    const made = await admin.http.post('/api/keys', { name: `bay 2 of ${admin.name}`, role: 'quality', scope })
    const headers = { authorization: `Bearer ${made.body.token}` }
    const body = { hold: 'hold-1', reason: 'edge trimmed' }
    const asked = await plant.http.post(`/api/coils/${await heldCoil()}/release`, body, { as: null, headers })
    expect([asked.status, asked.body.rule]).toEqual([403, 'not-in-scope'])
  })

  it('is decided anew: what has become of the coil meanwhile refuses it, and the request stays open', async () => {
    const coil = await heldCoil()
    const asked = await release(coil)
    await plant.http.post(`/api/coils/${coil}/scrap`, { kind: 'process-scrap', reason: 'crushed' }, { as: 'quality' })
    const refused = await approve(ion, asked)
    expect([refused.status, refused.body.rule]).toEqual([422, 'coil-scrapped'])
    expect((await read(asked)).body.state).toBe('open')
    expect((await answer('refuse', asked, ion, { reason: 'it is scrapped' })).status).toBe(201)
  })

  it('is not what was agreed to, once it would be more than that: a hold that was put on since then stays', async () => {
    const coil = await heldCoil()
    const downgrade = { grade: 'B', reason: 'scratches', liftHolds: true }
    const asked = await ana.http.post(`/api/coils/${coil}/downgrade`, downgrade)
    await plant.happened('2026-11-10T09:00:00Z', coilHeld({ coil, hold: 'hold-2', reason: 'wrong alloy' }))
    const outdated = await approve(ion, asked)
    expect([outdated.status, outdated.body.rule]).toEqual([422, 'approval-outdated'])
    expect(outdated.body.detail).toContain('wrong alloy')
    const askedAnew = await ana.http.post(`/api/coils/${coil}/downgrade`, downgrade)
    expect((await approve(ion, askedAnew)).status).toBe(201)
  })

  it('is over after seven days, when it was refused, and when it was withdrawn by who asked', async () => {
    const [late, unwanted, mistaken] = [
      await release(await heldCoil()),
      await release(await heldCoil()),
      await release(await heldCoil()),
    ]
    expect(typesOf(await answer('refuse', unwanted, ion, { reason: 'still cracked' }))).toEqual(['ApprovalRefused'])
    expect((await answer('withdraw', mistaken, ion, { reason: 'mine' })).body.rule).toBe('approval-of-another')
    const withdrawn = await answer('withdraw', mistaken, ana, { reason: 'wrong coil' })
    expect(typesOf(withdrawn)).toEqual(['ApprovalWithdrawn'])
    for (const [asked, state] of [
      [unwanted, 'refused'],
      [mistaken, 'withdrawn'],
    ] as const) {
      expect((await approve(ion, asked)).body).toMatchObject({ rule: 'approval-over', values: { standing: state } })
      expect((await plant.http.get(`${asked.headers.get('location')}?after=${withdrawn.body.token}`)).body.state).toBe(
        state,
      )
    }
    clock.advance(7 * DAY_MS)
    expect((await approve(ion, late)).body.rule).toBe('approval-over')
    expect((await read(late)).body).toMatchObject({ state: 'lapsed', answeredBy: null })
  })

  it('has one outcome, however many answer at once', async () => {
    const people = [ion, ...(await Promise.all([1, 2, 3].map(() => personOf(plant, 'quality'))))]
    const coil = await heldCoil()
    const asked = await release(coil)
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        answer(i % 2 ? 'approve' : 'refuse', asked, people[i % 4]!, i % 2 ? {} : { reason: 'no' }),
      ),
    )
    const [done, ...more] = answers.filter(({ status }) => status === 201)
    expect(more).toEqual([])
    const others = answers.filter((one) => one !== done).map(({ body }) => body.rule)
    expect(new Set(others)).toEqual(new Set(['approval-over']))
    const { state } = (await ion.http.get(`${asked.headers.get('location')}?after=${done!.body.token}`)).body
    expect((await history(coil)).map(({ type }) => type)).toEqual(state === 'granted' ? ['CoilReleased'] : [])
  })

  it('is asked for once, when it is sent twenty times at once', async () => {
    const coil = await heldCoil()
    const sent = await Promise.all(Array.from({ length: 20 }, () => release(coil, ana, { key: 'double-tap' })))
    expect(new Set(sent.map(({ status, headers }) => `${status} ${headers.get('location')}`)).size).toBe(1)
    expect(sent.filter(({ body }) => !body.replayed)).toHaveLength(1)
  })

  it('is the weight of a coil once it is sold, and not before', async () => {
    const coil = `AZ-${++coils}`
    const correct = (netWeightKg: number) =>
      ana.http.post(`/api/coils/${coil}/correct-weight`, { netWeightKg, reason: 'digits swapped' })
    await plant.happened('2026-11-09T08:00:00Z', coilReceived({ coil, location: 'BAY-01' }), coilStored(coil, 'BAY-01'))
    const before = await correct(6850)
    expect([before.status, before.body.events[0].data.approvedBy]).toEqual([201, undefined])
    await plant.happened('2026-11-09T09:00:00Z', coilSold({ coil }))
    const asked = await correct(6840)
    expect(asked.body.events[0].data.asks).toContain('from 6850 to 6840 kg')
    const granted = await approve(ion, asked)
    expect(granted.body.events[0]).toMatchObject({
      type: 'CoilWeightCorrected',
      data: { requestedBy: ana.name, approvedBy: ion.name, afterSale: { customer: 'METALCO' } },
    })
  })

  it('is to accept that an order’s or a casting run’s masses do not balance', async () => {
    const coil = `AZ-${++coils}`
    await plant.happened('2026-11-09T08:00:00Z', coilReceived({ coil, location: 'BAY-01' }), coilStored(coil, 'BAY-01'))
    const planner = await personOf(plant, 'planner')
    const operator = await personOf(plant, 'operator')
    const planned = await planner.http.post('/api/process-orders', { line: 'HOT-1', step: 'roll', inputs: [coil] })
    const order = `/api/process-orders/${planned.body.events[0].data.processOrder}`
    expect((await operator.http.post(`${order}/start`, {})).status).toBe(201)
    const outputs = [{ coil: `${coil}-R`, netWeightKg: 5000, gaugeMm: 3, location: 'YARD' }]
    const completed = await operator.http.post(`${order}/complete`, { outputs, override: { reason: 'wet scale' } })
    // Who may plan and start an order may not complete it, nor approve that.
    expect((await approve(planner, completed)).status).toBe(403)
    const both = { requestedBy: operator.name, approvedBy: expect.any(String) }
    const granted = await approve(await personOf(plant, 'operator'), completed)
    expect(granted.body.events[0].data.override).toMatchObject({ reason: 'wet scale', ...both })

    const run = await operator.http.post('/api/casting-runs', { line: 'CAST-1', alloy: 'EN AW-8011A', owner: 'ALRO' })
    const { castingRun } = run.body.events[0].data
    const melt = { castNumber: 'C26-1110-X', netWeightKg: 20_000 }
    expect((await operator.http.post(`/api/casting-runs/${castingRun}/melts`, melt)).status).toBe(201)
    const finish = { override: { reason: 'the melt was drained' } }
    const asked = await operator.http.post(`/api/casting-runs/${castingRun}/finish`, finish)
    expect((await approve(planner, asked)).body.events[0].data.override).toMatchObject({
      ...{ reason: 'the melt was drained', requestedBy: operator.name, approvedBy: planner.name },
    })
  })

  it('is listed for staff, with who asks what and why, who may answer, and what became of it; not for partners', async () => {
    const coil = await heldCoil()
    const asked = await release(coil)
    const approval = asked.headers.get('location')!.split('/').at(-1)
    const open = (await ion.http.get(`/api/approvals?state=open&limit=1&after=${asked.body.token}`)).body
    expect(open.next).toEqual(expect.any(String))
    expect(open.items[0]).toMatchObject({
      ...{ approval, state: 'open', asks: `Release coil ${coil} from a hold`, reason: 'edge trimmed' },
      ...{ subject: `coil-${coil}`, permission: 'release-hold', mayApprove: ['quality', 'administrator'] },
      ...{ command: { coil, hold: 'hold-1' }, requestedBy: ana.name, requestedAs: 'quality', requestedByKey: false },
      ...{ happenedAt: NOW, until: '2026-11-17T12:00:00.000Z', answeredBy: null },
    })
    const granted = await ion.http.post(`/api/approvals/${approval}/approve`, { remark: 'looked at it myself' })
    const after = `after=${granted.body.token}`
    expect((await plant.http.get(`/api/approvals/${approval}?${after}`, { as: 'auditor' })).body).toMatchObject({
      ...{ state: 'granted', answeredBy: ion.name, answeredAt: NOW, answer: 'looked at it myself', revision: 1 },
    })
    const listed = await ion.http.get(`/api/approvals?state=granted&limit=500&${after}`)
    expect(listed.body.items.map((item: { approval: string }) => item.approval)).toContain(approval)
    const rest = await ion.http.get(`/api/approvals?state=open&limit=500&cursor=${open.next}`)
    expect(rest.body.items.map((item: { approval: string }) => item.approval)).not.toContain(approval)

    const partner = await personOf(plant, 'partner', 'AZAL')
    for (const path of ['', `/${approval}`]) expect((await partner.http.get(`/api/approvals${path}`)).status).toBe(403)
    expect((await partner.http.post(`/api/approvals/${approval}/approve`, {})).status).toBe(403)
    expect((await ion.http.post('/api/approvals/00000000000000000000/approve', {})).body.rule).toBe('unknown-approval')
  })
})
