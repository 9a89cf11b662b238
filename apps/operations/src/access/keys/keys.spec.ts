import 'reflect-metadata'
import type { EventStore, RecordedEvent } from '#event-store/event-store'
import { EVENT_STORE } from '#platform/store'
import { type TestApp, testApp } from '#test/support/app'
import { httpClient } from '#test/support/http'
import { personOf } from '#test/support/people'
import { OperationsModule } from '../../operations.module.js'

let plant: TestApp
beforeAll(async () => {
  plant = await testApp({ module: OperationsModule })
})
afterAll(() => plant.close())

const asAdministrator = { as: 'administrator' } as const
const make = (wish: object) => plant.http.post('/api/keys', wish, asAdministrator)
const asKey = (token: string) => httpClient(plant.url, () => token)

describe('A key', () => {
  it('is shown once, does what its scope says under its own name, and nothing else', async () => {
    const scope = { permissions: ['define-location'], locations: ['BAY-07'] }
    const { status, body } = await make({ name: 'Layout tool', role: 'planner', scope })
    expect(status).toBe(201)
    expect(body.token).toMatch(/^ct_planner_[\w-]{43}$/)
    const tool = asKey(body.token)

    const location = { name: 'Bay', kind: 'bay', capacityCoils: 10 }
    const defined = await tool.put('/api/locations/BAY-07', location)
    expect([defined.status, defined.body.events[0].type]).toEqual([201, 'LocationChanged'])
    const elsewhere = await tool.put('/api/locations/BAY-08', location)
    expect([elsewhere.status, elsewhere.body.rule, elsewhere.body.values.outside]).toEqual([
      403,
      'not-in-scope',
      ['BAY-08'],
    ])
    const line = await tool.post('/api/process-orders', {})
    expect([line.status, line.body.rule]).toEqual([403, 'not-in-scope'])
    expect((await tool.get('/api/keys')).body.rule).toBe('not-allowed')

    const { items } = (await plant.http.get('/api/keys', asAdministrator)).body
    const listed = items.find(({ name }: { name: string }) => name === 'Layout tool')
    expect(listed).toMatchObject({ id: body.id, role: 'planner', scope })
    expect(Date.parse(listed.lastUsedAt)).toBeGreaterThanOrEqual(Date.parse(listed.createdAt))
    expect(Date.parse(listed.expiresAt) - Date.parse(listed.createdAt)).toBeGreaterThan(360 * 86_400_000)
    expect(JSON.stringify(items)).not.toContain(body.token.slice(-43))
  })

  it('that is revoked does nothing any more, and its end is recorded with who ended it and why', async () => {
    const { body } = await make({ name: 'Gate scanner', role: 'operator' })
    expect((await asKey(body.token).post('/api/receipts', {})).status).toBe(400)
    expect((await plant.http.post(`/api/keys/${body.id}/revoke`, { reason: 'lost' }, asAdministrator)).status).toBe(204)
    expect((await asKey(body.token).post('/api/receipts', {})).body.rule).toBe('unknown-key')
    expect((await plant.http.post(`/api/keys/${body.id}/revoke`, { reason: 'lost' }, asAdministrator)).status).toBe(404)

    const events = await recorded(`apiKey-${body.id}`, 2)
    expect(events.map(({ type }) => type)).toEqual(['ApiKeyMade', 'ApiKeyRevoked'])
    expect(events[1]!.data).toEqual({ key: body.id, name: 'Gate scanner', reason: 'lost', by: 'administrator' })
    expect(events[1]!.metadata).toMatchObject({ actor: 'administrator', role: 'administrator' })
    expect(JSON.stringify(events.map(({ data, metadata }) => [data, metadata]))).not.toContain(body.token.slice(-43))
  })

  it('is told all that is wrong with it at once', async () => {
    const { status, body } = await make({
      ...{ name: ' ', role: 'operator', partner: 'AZAL', expiresAt: '2020-01-01T00:00:00Z' },
      scope: { permissions: ['sell-coils'], lines: [], locations: ['bay 7'] },
    })
    expect(status).toBe(400)
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(
      expect.arrayContaining(['/name', '/scope/lines', '/scope/locations/0']),
    )
    const rights = await make({
      ...{ name: 'x', role: 'operator', partner: 'AZAL', expiresAt: '2020-01-01T00:00:00Z' },
      scope: { permissions: ['sell-coils'] },
    })
    expect(rights.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/partner',
      '/scope/permissions/0',
      '/expiresAt',
    ])
  })

  it('with a limit gives no rights, by which it could have any', async () => {
    const scope = { permissions: ['manage-keys', 'read-access'] }
    const wished = await make({ name: 'Key maker', role: 'administrator', scope })
    expect([wished.status, wished.body.errors]).toEqual([
      400,
      [expect.objectContaining({ pointer: '/scope/permissions/0', message: 'a key with limits gives no rights' })],
    ])
    const { body } = await make({ name: 'Slitter', role: 'administrator', scope: { lines: ['SLIT-1'] } })
    const slitter = asKey(body.token)
    const wider = await slitter.post('/api/keys', { name: 'Wider', role: 'administrator' })
    const account = await slitter.post('/api/accounts', { name: 'Wider', role: 'administrator' })
    expect([wider, account].map((answer) => [answer.status, answer.body.rule])).toEqual([
      [403, 'not-in-scope'],
      [403, 'not-in-scope'],
    ])
    expect((await slitter.get('/api/session')).body.permissions).not.toContain('manage-keys')
  })

  it('that was made by a key counts as made by whoever made that one', async () => {
    const boss = await personOf(plant, 'administrator')
    const first = await boss.http.post('/api/keys', { name: 'First', role: 'administrator' })
    const second = await asKey(first.body.token).post('/api/keys', { name: 'Second', role: 'quality' })
    expect([first.body.madeBy, second.body.madeBy]).toEqual([boss.account, boss.account])
  })

  it('goes on when the account of who made it is closed, and whoever closes it is told which do', async () => {
    const boss = await personOf(plant, 'administrator')
    await boss.http
      .post('/api/keys', { name: 'Revoked before', role: 'operator' })
      .then(({ body }) => boss.http.post(`/api/keys/${body.id}/revoke`, { reason: 'lost' }))
    const { body: left } = await boss.http.post('/api/keys', { name: 'Weighbridge', role: 'administrator' })
    const closed = await plant.http.post(`/api/accounts/${boss.account}/close`, { reason: 'left' }, asAdministrator)
    expect([closed.status, closed.body.keys]).toEqual([200, [{ id: left.id, name: 'Weighbridge' }]])
    expect((await asKey(left.token).get('/api/keys')).status).toBe(200)
  })

  it('has a name of its own', async () => {
    await make({ name: 'Scale 1', role: 'operator' })
    const { status, body } = await make({ name: 'scale 1', role: 'quality' })
    expect([status, body.rule, body.errors[0].pointer]).toEqual([422, 'name-taken', '/name'])
  })

  it('is called like no person and not like Coiltrail, nor a person like it: events name who did it', async () => {
    const { name } = await personOf(plant, 'sales')
    const open = (called: string) => plant.http.post('/api/accounts', { name: called, role: 'sales' }, asAdministrator)
    await make({ name: 'Scale 2', role: 'operator' })
    const answers = [
      await make({ name: name.toUpperCase(), role: 'sales' }),
      await make({ name: 'coiltrail', role: 'sales' }),
      await open('SCALE 2'),
      await open('Coiltrail'),
    ]
    expect(answers.map(({ body }) => body.rule)).toEqual(Array(4).fill('name-taken'))
    const both = await Promise.all([make({ name: 'Ana', role: 'sales' }), open('ana'), open('Ana')])
    expect(both.map(({ status }) => status).sort()).toEqual([201, 422, 422])
  })

  it('that asks for what it may not is recorded once, however often it asks within a minute', async () => {
    const { body } = await make({ name: 'Curious', role: 'auditor' })
    for (let n = 0; n < 5; n++) await asKey(body.token).post('/api/receipts', {})
    const day = new Date().toISOString().slice(0, 10)
    const isMine = ({ data }: RecordedEvent) => (data as { name?: string }).name === 'Curious'
    const mine = await recorded(`refusals-${day}`, 1, isMine)
    expect(mine.map(({ data }) => data)).toEqual([
      expect.objectContaining({ name: 'Curious', role: 'auditor', permission: 'receive-coils', times: 1 }),
    ])
  })
})

/** Facts come to the store a moment after they happened. */
async function recorded(stream: string, least: number, which: (event: RecordedEvent) => boolean = () => true) {
  const store = plant.app.get<EventStore>(EVENT_STORE)
  for (let tries = 0; ; tries++) {
    const events = ((await store.readMany([{ stream }])).get(stream) ?? []).filter(which)
    if (events.length >= least) return events
    if (tries > 100) throw new Error(`${stream} has ${events.length} events, ${least} were waited for`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
