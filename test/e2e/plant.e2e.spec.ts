import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OperationsModule } from '#apps/operations/src/operations.module'
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store'
import { readConfig } from '#platform/config'
import { createApp } from '#platform/http/create-app'
import { type TestApp, testApp } from '#test/support/app'
import { testDatabase } from '#test/support/postgres'
import { describeInProfiles } from '#test/support/profiles'

const bay = { name: 'North bay', kind: 'bay', capacityCoils: 2 }

await describeInProfiles('The plant', (profile) => {
  let plant: TestApp
  beforeAll(async () => {
    plant = await testApp({ profile, module: OperationsModule })
  })
  afterAll(() => plant.close())

  it('defines a place, changes it, and records nothing when nothing is new', async () => {
    const defined = await plant.http.put('/api/locations/NORTH', bay, { as: 'planner', key: 'define-north' })
    expect(defined.status).toBe(201)
    expect(defined.body.events).toMatchObject([{ type: 'LocationDefined', data: { location: 'NORTH', ...bay } }])
    expect(defined.headers.get('etag')).toBe('"0"')
    expect((await plant.http.put('/api/locations/NORTH', bay)).body.events).toEqual([])

    const wider = { ...bay, capacityCoils: 3 }
    const changed = await plant.http.put('/api/locations/NORTH', wider, { headers: { 'if-match': '"0"' } })
    expect(changed.body.events).toMatchObject([{ type: 'LocationChanged', revision: 1 }])
    const late = await plant.http.put('/api/locations/NORTH', bay, { headers: { 'if-match': '"0"' } })
    expect([late.status, late.body.rule]).toEqual([412, 'changed-since-read'])

    const retry = await plant.http.put('/api/locations/NORTH', bay, { as: 'planner', key: 'define-north' })
    expect(retry.body).toEqual({ ...defined.body, replayed: true })
  })

  it('registers partners, and grants and revokes mandates to sell their metal', async () => {
    const partner = { name: 'Sumgait Smelter', country: 'AZ', roles: ['supplier', 'owner'] }
    expect((await plant.http.put('/api/partners/SUMGAIT', partner, { as: 'contract-manager' })).status).toBe(201)
    const years = { validFrom: '2026-01-01', validTo: '2027-12-31' }
    const granted = await plant.http.post('/api/partners/SUMGAIT/mandates', years, { as: 'contract-manager' })
    const { mandate } = granted.body.events[0].data
    expect(mandate).toMatch(/^MANDATE-\w{12}$/)
    const revoke = `/api/partners/SUMGAIT/mandates/${mandate}/revoke`
    expect((await plant.http.post(revoke, { reason: 'contract ended' })).status).toBe(201)
    expect((await plant.http.post(revoke, { reason: 'again' })).body.rule).toBe('mandate-revoked')
    expect((await plant.http.post('/api/partners/NOBODY/mandates', years)).body.rule).toBe('unknown-partner')
    const customer = await plant.http.post('/api/partners/METALCO/mandates', { ...years, validTo: '2025-01-01' })
    expect(customer.status).toBe(422)
    expect(customer.body.errors.map(({ rule }: { rule: string }) => rule)).toEqual([
      'partner-not-an-owner',
      'mandate-ends-before-it-begins',
    ])
  })

  it('defines lines, alloys and tempers, and tells all that is wrong with them at once', async () => {
    const line = {
      name: 'Slitter 2',
      kind: 'slitter',
      steps: ['slit', 'cast'],
      tolerance: { kg: 20, percent: 0.3 },
      shifts: [
        { name: 'day', startsAt: '06:00', hours: 13 },
        { name: 'night', startsAt: '18:00', hours: 12 },
      ],
    }
    const refused = await plant.http.put('/api/lines/SLIT-2', line, { as: 'planner' })
    expect(refused.status).toBe(422)
    expect(refused.body.errors).toMatchObject([
      { rule: 'shifts-overlap', pointer: '/shifts/0' },
      { rule: 'only-casters-cast', pointer: '/steps' },
    ])
    const [day, night] = [{ ...line.shifts[0], hours: 12 }, line.shifts[1]]
    const good = { ...line, steps: ['slit'], shifts: [day, night] }
    expect((await plant.http.put('/api/lines/SLIT-2', good, { as: 'planner' })).status).toBe(201)

    const limits = { Si: { max: 0.4 }, Fe: { max: 0.5 }, Mg: { min: 1.6, max: 2.5 } }
    const alloy = await plant.http.put('/api/alloys/EN%20AW-5049', { limits }, { as: 'quality' })
    expect(alloy.body.events[0].data).toEqual({ alloy: 'EN AW-5049', limits })
    expect((await plant.http.put('/api/alloys/5049', { limits }, { as: 'quality' })).status).toBe(400)
    expect((await plant.http.put('/api/tempers/H241', { description: 'deep' }, { as: 'quality' })).status).toBe(201)
  })

  it('is configured by the administrator only, for a company that is known', async () => {
    const settings = {
      name: 'Slatina',
      company: 'ALRO',
      timeZone: 'Europe/Bucharest',
      receiptTolerance: { kg: 30, percent: 1 },
    }
    expect((await plant.http.put('/api/plant', settings, { as: 'planner' })).status).toBe(403)
    expect((await plant.http.put('/api/plant', { ...settings, company: 'NOBODY' })).body.rule).toBe('unknown-partner')
    expect((await plant.http.put('/api/plant', settings)).body.events[0].type).toBe('PlantConfigured')
  })
})

describe('A first start', () => {
  it('founds one plant, though several processes start at once and one starts again', async () => {
    const database = await testDatabase()
    const folder = await mkdtemp(join(tmpdir(), 'coiltrail-tokens-'))
    const config = readConfig({ COILTRAIL_TOKENS_FILE: join(folder, 'tokens.json') })
    const start = async () => {
      const app = await createApp(OperationsModule, { config, databaseUrl: database.url, logger: false })
      await app.init()
      return app
    }
    const apps = await Promise.all([start(), start(), start()])
    apps.push(await start())
    const store = new PostgresEventStore(database.pool)
    const streams = ['plant-main', 'partner-AZAL', 'location-BAY-12', 'line-REMELT-1', 'alloy-EN-AW-8011A', 'temper-O']
    const histories = await store.readMany(streams.map((stream) => ({ stream })))
    const written = streams.map((stream) => histories.get(stream)!.map(({ type }) => type))
    expect(written).toEqual([
      ['PlantConfigured'],
      ['PartnerRegistered', 'SalesMandateGranted'],
      ['LocationDefined'],
      ['LineDefined'],
      ['AlloyDefined'],
      ['TemperDefined'],
    ])
    expect(histories.get('plant-main')![0]!.metadata).toMatchObject({
      actor: 'Coiltrail',
      role: 'administrator',
      source: 'import',
      commandId: 'found-plant',
    })
    await Promise.all(apps.map((app) => app.close()))
    await database.drop()
    await rm(folder, { recursive: true })
  })
})
