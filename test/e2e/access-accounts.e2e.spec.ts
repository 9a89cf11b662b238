import 'reflect-metadata'
import { setTimeout as sleep } from 'node:timers/promises'
import { OperationsModule } from '#apps/operations/src/operations.module'
import type { EventStore } from '#event-store/event-store'
import { EVENT_STORE } from '#platform/store'
import { type TestApp, testApp } from '#test/support/app'
import { PASSWORD, type Person, personOf } from '#test/support/people'

const NOBODY = '3f0c5a52-1d5e-4b8e-9a43-6f0f1c2d7e90'

describe('Accounts', () => {
  let plant: TestApp
  let ada: Person
  beforeEach(async () => {
    plant = await testApp({ module: OperationsModule })
    ada = await personOf(plant, 'administrator')
  })
  afterEach(() => plant.close())

  const close = ({ account }: Person, by = ada) =>
    by.http.post(`/api/accounts/${account}/close`, { reason: 'left the plant' })
  const give = ({ account }: Person, rights: object, by = ada) => by.http.put(`/api/accounts/${account}/rights`, rights)
  const statusOf = async (person: Person) => (await person.http.get('/api/session')).status
  const rule = ({ status, body }: { status: number; body: { rule: string } }) => [status, body.rule]

  it('are opened by an administrator, with a partner code for a partner’s people and for no others', async () => {
    const { status, body } = await ada.http.post('/api/accounts', { name: 'Ilham', role: 'partner', partner: 'AZAL' })
    expect([status, body]).toEqual([
      201,
      {
        account: expect.stringMatching(/^[0-9a-f-]{36}$/),
        name: 'Ilham',
        role: 'partner',
        partner: 'AZAL',
        invitation: expect.stringMatching(/^[\w-]{43}$/),
        link: `${plant.url}/invitation#${body.invitation}`,
        until: expect.any(String),
      },
    ])
    const faults = async (wish: object) => {
      const answer = await ada.http.post('/api/accounts', wish)
      return [answer.status, answer.body.errors[0].pointer, answer.body.errors[0].rule]
    }
    expect(await faults({ name: 'A', role: 'partner' })).toEqual([422, '/partner', 'partner-required'])
    expect(await faults({ name: 'B', role: 'sales', partner: 'AZAL' })).toEqual([422, '/partner', 'partner-not-wanted'])
    expect(await faults({ name: 'ILHAM', role: 'sales' })).toEqual([422, '/name', 'name-taken'])
    expect(await faults({ name: 'Il\u200Bham', role: 'sales' })).toEqual([400, '/name', 'custom'])
  })

  it('are seen by administrator and auditor, and managed by the administrator alone', async () => {
    const auditor = await personOf(plant, 'auditor')
    const operator = await personOf(plant, 'operator')
    const { items } = (await auditor.http.get('/api/accounts')).body
    expect(items.map(({ name, by }: { name: string; by: string }) => [name, by])).toEqual(
      [ada, auditor, operator].map(({ name }) => [name, 'password']),
    )
    expect(JSON.stringify(items)).not.toMatch(/argon2|hash/i)
    for (const person of [auditor, operator]) {
      for (const answer of [
        await person.http.post('/api/accounts', { name: 'Own friend', role: 'administrator' }),
        await give(person, { role: 'administrator' }, person),
        await close(ada, person),
        await person.http.post(`/api/accounts/${ada.account}/invite`),
        await person.http.post(`/api/accounts/${ada.account}/reopen`, { reason: 'why not' }),
        await person.http.get(`/api/accounts/${ada.account}/sessions`),
        await person.http.delete(`/api/accounts/${ada.account}/sessions`),
      ]) {
        expect(rule(answer)).toEqual([403, 'not-allowed'])
      }
    }
    expect((await operator.http.get('/api/accounts')).status).toBe(403)
  })

  it('have other rights at once, in sessions that are there as well', async () => {
    const person = await personOf(plant, 'operator')
    await person.http.get('/api/session')
    expect((await give(person, { role: 'partner', partner: 'AZAL' })).body).toEqual({
      account: person.account,
      name: person.name,
      role: 'partner',
      partner: 'AZAL',
    })
    expect((await person.http.get('/api/session')).body).toMatchObject({ role: 'partner', partner: 'AZAL' })
    await give(person, { role: 'auditor' })
    const { body } = await person.http.get('/api/session')
    expect([body.role, body.partner]).toEqual(['auditor', undefined])
    expect(rule(await give(person, { role: 'partner' }))).toEqual([422, 'partner-required'])
  })

  it('that are closed let nobody in, at once, until they are reopened', async () => {
    const person = await personOf(plant, 'operator')
    expect(await statusOf(person)).toBe(200)
    const { account, name } = person
    expect((await close(person)).body).toEqual({ account, name, role: 'operator', keys: [] })
    expect(await statusOf(person)).toBe(401)
    expect(rule(await ada.http.post(`/api/accounts/${person.account}/invite`))).toEqual([422, 'account-closed'])
    expect((await close(person)).status).toBe(200)
    await ada.http.post(`/api/accounts/${person.account}/reopen`, { reason: 'came back' })
    expect(await statusOf(person)).toBe(401)
    const again = await plant.http.post('/api/session', { name: person.name, password: PASSWORD }, { as: null })
    expect(again.status).toBe(201)
  })

  it('have their sessions seen and ended by an administrator', async () => {
    const person = await personOf(plant, 'operator')
    const place = `/api/accounts/${person.account}/sessions`
    expect((await ada.http.get(place)).body.items).toEqual([expect.objectContaining({ way: 'invitation' })])
    expect((await ada.http.delete(place)).status).toBe(204)
    expect((await ada.http.get(place)).body.items).toEqual([])
    expect(await statusOf(person)).toBe(401)
    expect(await statusOf(ada)).toBe(200)
  })

  it('are never changed nor closed by whose they are, and the last administrator by nobody', async () => {
    expect(rule(await close(ada))).toEqual([422, 'own-account'])
    expect(rule(await give(ada, { role: 'operator' }))).toEqual([422, 'own-account'])
    const byKey = (path: string, body: object) => plant.http.post(`/api/accounts/${ada.account}/${path}`, body)
    expect(rule(await byKey('close', { reason: 'by a key' }))).toEqual([422, 'last-administrator'])
    expect(rule(await plant.http.put(`/api/accounts/${ada.account}/rights`, { role: 'sales' }))).toEqual([
      422,
      'last-administrator',
    ])
    // Invited, but without a password: nobody could sign in.
    await plant.http.post('/api/accounts', { name: 'Not there yet', role: 'administrator' })
    expect(rule(await byKey('close', { reason: 'by a key' }))).toEqual([422, 'last-administrator'])
    const bob = await personOf(plant, 'administrator')
    expect((await close(ada, bob)).status).toBe(200)
  })

  it('of two administrators who close each other at the same moment one stays open', async () => {
    for (let round = 0; round < 5; round++) {
      const bob = await personOf(plant, 'administrator')
      const answers = await Promise.all([close(bob, ada), close(ada, bob)])
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      if (answers[1].status === 200) ada = bob
    }
  })

  it('of an identity provider get neither passwords nor rights here, but can be closed', async () => {
    const { rows } = await plant.database.pool.query<{ id: string }>(
      `INSERT INTO identity.account (name, role, issuer, subject) VALUES ('Eve', 'sales', 'https://id.example', '1') RETURNING id`,
    )
    const eve = { ...ada, account: rows[0]!.id }
    expect(rule(await ada.http.post(`/api/accounts/${eve.account}/invite`))).toEqual([422, 'account-of-provider'])
    expect(rule(await give(eve, { role: 'operator' }))).toEqual([422, 'account-of-provider'])
    expect((await close(eve)).status).toBe(200)
    const signIn = await plant.http.post('/api/session', { name: 'Eve', password: PASSWORD }, { as: null })
    expect(signIn.status).toBe(401)
  })

  it('that nobody has are not found', async () => {
    const nobody = { ...ada, account: NOBODY }
    for (const answer of [
      await give(nobody, { role: 'sales' }),
      await close(nobody),
      await ada.http.post(`/api/accounts/${NOBODY}/invite`),
      await ada.http.post(`/api/accounts/${NOBODY}/reopen`, { reason: 'why not' }),
      await ada.http.delete(`/api/accounts/${NOBODY}/sessions`),
    ]) {
      expect(rule(answer)).toEqual([404, 'unknown-account'])
    }
  })

  it('tell in the event store what became of them and by whom', async () => {
    const person = await personOf(plant, 'operator')
    await give(person, { role: 'quality' })
    await give(person, { role: 'quality' })
    await close(person)
    await ada.http.post(`/api/accounts/${person.account}/reopen`, { reason: 'came back' })
    await ada.http.post(`/api/accounts/${person.account}/invite`)
    const stream = `account-${person.account}`
    const store = plant.app.get<EventStore>(EVENT_STORE)
    const read = async () => (await store.readMany([{ stream }])).get(stream) ?? []
    for (let tries = 0; (await read()).length < 9 && tries < 50; tries++) await sleep(100)
    const events = await read()
    expect(events.map(({ type }) => type)).toEqual([
      'AccountOpened',
      'AccountInvited',
      'PasswordChosen',
      'SignedIn',
      'AccountRightsChanged',
      'AccountClosed',
      'SessionEnded',
      'AccountReopened',
      'AccountInvited',
    ])
    const [opened, , chosen, signedIn, changed, closed, ended] = events
    expect([opened?.metadata.actor, chosen?.metadata.actor]).toEqual(['administrator', person.name])
    expect(signedIn?.metadata).toMatchObject({ actor: person.name, role: 'operator', source: 'ui' })
    expect(changed).toMatchObject({ data: { role: 'quality', by: ada.name }, metadata: { actor: ada.name } })
    expect(closed?.data).toMatchObject({ reason: 'left the plant', by: ada.name })
    expect(ended?.data).toMatchObject({ by: ada.name })
  })
})
