import 'reflect-metadata'
import { OperationsModule } from '#apps/operations/src/operations.module'
import { type TestApp, testApp } from '#test/support/app'
import { cookieOf, httpWith, PASSWORD, personOf } from '#test/support/people'

describe('People', () => {
  let plant: TestApp
  beforeAll(async () => {
    plant = await testApp({ module: OperationsModule })
  })
  afterAll(() => plant.close())

  const signIn = (name: string, password: string, headers?: Record<string, string>) =>
    plant.http.post('/api/session', { name, password }, { as: null, ...(headers && { headers }) })

  it('choose a password by their invitation, sign in by it, see who they are and sign out', async () => {
    const person = await personOf(plant, 'operator')
    expect((await person.http.get('/api/session')).body).toMatchObject({
      kind: 'person',
      name: person.name,
      role: 'operator',
      permissions: expect.arrayContaining(['move-coil', 'search-stock', 'manage-own-access']),
    })
    const arrived = await signIn(person.name.toUpperCase(), PASSWORD)
    expect([arrived.status, arrived.body.name]).toEqual([201, person.name])
    const second = httpWith(plant.url, cookieOf(arrived.headers))
    expect((await second.get('/api/session')).body.session).toBe(arrived.body.session)
    const out = await second.delete('/api/session')
    expect([out.status, out.body]).toEqual([204, ''])
    expect((await second.get('/api/session')).body.rule).toBe('session-over')
    expect((await person.http.get('/api/session')).status).toBe(200)
  })
})
