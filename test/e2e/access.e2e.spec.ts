import 'reflect-metadata'
import { setTimeout as sleep } from 'node:timers/promises'
import { OperationsModule } from '#apps/operations/src/operations.module'
import { readConfig } from '#platform/config'
import { createApp } from '#platform/http/create-app'
import { Authenticator } from '#platform/identity/authenticator'
import { LONGEST_DAYS } from '#platform/identity/sessions'
import { type TestApp, testApp } from '#test/support/app'
import { addressOf } from '#test/support/http'
import { cookieOf, httpWith, PASSWORD, type Person, personOf } from '#test/support/people'

const NEW_PASSWORD = 'eight coils on two skids'

describe('People', () => {
  let plant: TestApp
  beforeAll(async () => {
    plant = await testApp({ module: OperationsModule })
  })
  afterAll(() => plant.close())

  const signIn = (name: string, password: string, headers: Record<string, string> = {}) =>
    plant.http.post('/api/session', { name, password }, { as: null, headers })
  const accept = (invitation: string, password: string) =>
    plant.http.post('/api/session/invitation', { invitation, password }, { as: null })
  const arrive = async (name: string, password = PASSWORD) => {
    const answer = await signIn(name, password)
    expect(answer.status).toBe(201)
    return httpWith(plant.url, cookieOf(answer.headers))
  }
  const isIn = async (http: Person['http']) => (await http.get('/api/session')).status === 200

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
    expect(out.headers.getSetCookie()[0]).toMatch(/^coiltrail=;.*Expires=Thu, 01 Jan 1970/)
    expect((await second.get('/api/session')).body.rule).toBe('session-over')
    expect(await isIn(person.http)).toBe(true)
  })

  it('are known by their name however a keyboard composes it', async () => {
    const { body } = await plant.http.post('/api/accounts', { name: 'Ștefan Țiriac'.normalize('NFD'), role: 'sales' })
    expect(body.name).toBe('Ștefan Țiriac'.normalize('NFC'))
    await accept(body.invitation, PASSWORD)
    for (const form of ['NFC', 'NFD']) await arrive('ștefan țiriac'.normalize(form))
  })

  it('of a partner see whose metal is shown to them', async () => {
    const person = await personOf(plant, 'partner', 'AZAL')
    expect((await person.http.get('/api/session')).body).toMatchObject({ role: 'partner', partner: 'AZAL' })
  })

  it('are given a cookie that no script reads and no other site sends', async () => {
    const person = await personOf(plant, 'operator')
    const [cookie] = (await signIn(person.name, PASSWORD)).headers.getSetCookie()
    const maxAge = LONGEST_DAYS * 24 * 60 * 60
    expect(cookie).toMatch(new RegExp(`^coiltrail=[\\w-]{43}; Max-Age=${maxAge}; Path=/; HttpOnly; SameSite=Strict$`))
  })

  it('get a new secret whenever they sign in, whatever their browser brought, and what it brought is over', async () => {
    const person = await personOf(plant, 'operator')
    const planted = `coiltrail=${'A'.repeat(43)}`
    const first = cookieOf((await signIn(person.name, PASSWORD, { cookie: planted })).headers)
    expect(first).not.toBe(planted)
    expect(await isIn(httpWith(plant.url, planted))).toBe(false)
    const second = cookieOf((await signIn(person.name, PASSWORD, { cookie: first })).headers)
    expect(second).not.toBe(first)
    expect(await isIn(httpWith(plant.url, first))).toBe(false)
    expect(await isIn(httpWith(plant.url, second))).toBe(true)
  })

  it('come in by an invitation once, though a hundred come with it at once', async () => {
    const { body } = await plant.http.post('/api/accounts', { name: 'Wanted by many', role: 'operator' })
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => accept(body.invitation, `${PASSWORD}, number ${n}`)),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(1)
    expect(statuses.filter((status) => ![201, 422, 503].includes(status))).toEqual([])
    const who = statuses.indexOf(201)
    await arrive('Wanted by many', `${PASSWORD}, number ${who}`)
  })

  it('do not come in by an invitation that is over, replaced or unknown, nor to a closed account', async () => {
    const { body: late } = await plant.http.post('/api/accounts', { name: 'Late', role: 'operator' })
    expect(new Date(late.until).getTime() - Date.now()).toBeGreaterThan(71 * 3_600_000)
    const { body: asked } = await plant.http.post('/api/accounts', { name: 'Asked again', role: 'operator' })
    const again = await plant.http.post(`/api/accounts/${asked.account}/invite`)
    await plant.database.pool.query(
      `UPDATE identity.account SET invitation_until = now() - interval '1 second' WHERE id = $1`,
      [late.account],
    )
    const { body: closed } = await plant.http.post('/api/accounts', { name: 'Closed early', role: 'operator' })
    await plant.http.post(`/api/accounts/${closed.account}/close`, { reason: 'never came' })
    for (const invitation of [late.invitation, asked.invitation, closed.invitation, 'A'.repeat(43)]) {
      const { status, body } = await accept(invitation, PASSWORD)
      expect([status, body.rule]).toEqual([422, 'invitation-over'])
    }
    expect((await accept(again.body.invitation, PASSWORD)).status).toBe(201)
  })

  it('do not lose their invitation by a password that is not taken, which is told without repeating it', async () => {
    const { body } = await plant.http.post('/api/accounts', { name: 'Ilham', role: 'operator' })
    expect(body.link).toBe(`${plant.url}/invitation#${body.invitation}`)
    const refused = await accept(body.invitation, 'ilham11')
    expect([refused.status, refused.body.rule]).toEqual([422, 'password-not-good'])
    expect(refused.body.errors.map((fault: { rule: string }) => fault.rule)).toEqual([
      'password-too-short',
      'password-is-name',
    ])
    expect(JSON.stringify(refused.body)).not.toContain('ilham11')
    expect((await accept(body.invitation, PASSWORD)).status).toBe(201)
  })

  it('never get a password back, even if it came where it does not belong', async () => {
    const sent = { name: 'x', password: 4711471147, newPassword: 'do not tell' }
    const { status, body } = await plant.http.post('/api/session', sent, { as: null })
    expect([status, body.errors.length]).toEqual([400, 2])
    expect(JSON.stringify(body)).not.toMatch(/4711|do not tell/)
  })

  it('who forgot their password choose another by an invitation, and all their sessions end', async () => {
    const person = await personOf(plant, 'operator')
    const { body } = await plant.http.post(`/api/accounts/${person.account}/invite`)
    expect(await isIn(person.http)).toBe(true)
    expect((await accept(body.invitation, NEW_PASSWORD)).status).toBe(201)
    expect(await isIn(person.http)).toBe(false)
    expect((await signIn(person.name, PASSWORD)).status).toBe(401)
    await arrive(person.name, NEW_PASSWORD)
  })

  it('change their password by the one that they have; their other sessions end, at once', async () => {
    const person = await personOf(plant, 'operator')
    const elsewhere = await arrive(person.name)
    expect(await isIn(elsewhere)).toBe(true)
    const change = (password: string, newPassword: string) =>
      person.http.post('/api/session/password', { password, newPassword })
    const wrong = await change('not the one at all', NEW_PASSWORD)
    expect([wrong.status, wrong.body.rule, wrong.body.errors[0].pointer]).toEqual([422, 'wrong-password', '/password'])
    const bad = await change(PASSWORD, 'password1234')
    expect([bad.status, bad.body.errors[0]]).toEqual([
      422,
      { pointer: '/newPassword', rule: 'password-well-known', message: 'it is one that everybody tries' },
    ])
    expect((await change(PASSWORD, NEW_PASSWORD)).status).toBe(204)
    expect([await isIn(person.http), await isIn(elsewhere)]).toEqual([true, false])
    expect((await signIn(person.name, PASSWORD)).status).toBe(401)
    await arrive(person.name, NEW_PASSWORD)
  })

  it('see where they are signed in and end it there, and none but their own', async () => {
    const [person, other] = [await personOf(plant, 'operator'), await personOf(plant, 'sales')]
    const elsewhere = await arrive(person.name)
    const { session } = (await elsewhere.get('/api/session')).body
    const { body } = await person.http.get('/api/sessions')
    expect(body.items).toEqual([
      expect.objectContaining({ session, way: 'password', current: false, address: '127.0.0.1' }),
      expect.objectContaining({ way: 'invitation', current: true }),
    ])
    expect((await other.http.delete(`/api/sessions/${session}`)).body.rule).toBe('unknown-session')
    expect(await isIn(elsewhere)).toBe(true)
    expect((await person.http.delete(`/api/sessions/${session}`)).status).toBe(204)
    expect(await isIn(elsewhere)).toBe(false)
    expect((await person.http.delete(`/api/sessions/${session}`)).status).toBe(404)
  })

  it('are out at once where they sign out, even by a request that was on its way, and within 5 s elsewhere', async () => {
    const person = await personOf(plant, 'operator')
    const settings = { config: readConfig({}), databaseUrl: plant.database.url, logger: false } as const
    const other = await createApp(OperationsModule, settings)
    const ending = await plant.database.pool.connect()
    try {
      await other.listen(0, '127.0.0.1')
      const there = httpWith(addressOf(other), person.cookie)
      expect(await isIn(there)).toBe(true)
      const known = performance.now()
      await ending.query(`UPDATE identity.session SET seen_at = now() - interval '2 minutes'`)
      await ending.query('BEGIN')
      await ending.query('UPDATE identity.session SET ended_at = now()')
      const onItsWay = isIn(person.http)
      await untilOneWaits(plant)
      plant.app.get(Authenticator).forgetAll()
      await ending.query('COMMIT')
      await onItsWay
      expect(await isIn(person.http)).toBe(false)
      while ((await isIn(there)) && performance.now() - known < 10_000) await sleep(100)
      expect(performance.now() - known).toBeLessThan(6_000)
    } finally {
      ending.release()
      await other.close()
    }
  })

  it.each<Record<string, string>>([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://elsewhere.example' },
    { origin: 'null' },
  ])('have nothing done in their name by another site: %j', async (headers) => {
    const person = await personOf(plant, 'operator')
    for (const answer of [
      await person.http.post('/api/session/password', { password: PASSWORD, newPassword: NEW_PASSWORD }, { headers }),
      await person.http.delete('/api/session', { headers }),
      await signIn(person.name, PASSWORD, headers),
    ]) {
      expect([answer.status, answer.body.rule]).toEqual([403, 'cross-site-request'])
    }
    expect(await isIn(person.http)).toBe(true)
    await arrive(person.name)
  })

  it('are told from keys, which say who they are but have neither sessions nor a password', async () => {
    expect((await plant.http.get('/api/session', { as: 'sales' })).body).toMatchObject({ kind: 'key', role: 'sales' })
    expect((await plant.http.get('/api/sessions', { as: 'sales' })).body).toEqual({ items: [] })
    for (const answer of [
      await plant.http.delete('/api/session', { as: 'sales' }),
      await plant.http.post('/api/session/password', { password: PASSWORD, newPassword: NEW_PASSWORD }),
    ]) {
      expect([answer.status, answer.body.rule]).toEqual([422, 'not-a-person'])
    }
  })
})

describe('Where Coiltrail is reached by HTTPS', () => {
  let plant: TestApp
  beforeAll(async () => {
    plant = await testApp({ module: OperationsModule, settings: { PUBLIC_URL: 'https://coiltrail.example/' } })
  })
  afterAll(() => plant.close())

  it('the cookie goes by nothing else and is bound to the host, and links lead there', async () => {
    const { body } = await plant.http.post('/api/accounts', { name: 'Ana', role: 'operator' })
    expect(body.link).toBe(`https://coiltrail.example/invitation#${body.invitation}`)
    const wish = { invitation: body.invitation, password: PASSWORD }
    const origin = 'https://coiltrail.example'
    const answer = await plant.http.post('/api/session/invitation', wish, { as: null, headers: { origin } })
    expect(answer.headers.getSetCookie()[0]).toMatch(
      /^__Host-coiltrail=[\w-]{43}; .*Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    )
    const person = httpWith(plant.url, cookieOf(answer.headers))
    expect((await person.get('/api/session')).status).toBe(200)
    const plain = httpWith(plant.url, cookieOf(answer.headers).replace('__Host-', ''))
    expect((await plain.get('/api/session')).status).toBe(401)
  })
})

/** Until a statement of the product waits for a row that a spec holds. */
async function untilOneWaits({ database }: TestApp): Promise<void> {
  for (;;) {
    const { rowCount } = await database.pool.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
    if (rowCount) return
    await sleep(20)
  }
}
