import 'reflect-metadata'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EventStore } from '#event-store/event-store'
import { EVENT_STORE } from '#platform/store'
import { testApp } from '#test/support/app'
import { coiltrailWithProvider, type WithProvider } from '#test/support/oidc-coiltrail'
import { CLIENT_SECRET, testProvider } from '#test/support/oidc-provider'

describe('Sign-in by the identity provider', () => {
  let both: WithProvider
  beforeAll(async () => {
    both = await coiltrailWithProvider()
    const { people } = both.provider
    people.set('ana', { preferred_username: 'Ana Popescu', groups: ['canteen', 'coil-ops'] })
    people.set('elvin', { preferred_username: 'Elvin Quliyev', groups: ['suppliers'], company: 'AZAL' })
  })
  afterAll(() => both.close())

  /** Types and data of what is recorded of an account, once all of it is in the event store. */
  const recordedOf = async (subject: string) => {
    const { pool } = both.product.database
    const { rows } = await pool.query('SELECT id FROM identity.account WHERE subject = $1', [subject])
    return recorded(rows[0].id)
  }
  const recorded = async (account: string) => {
    const store = both.product.app.get<EventStore>(EVENT_STORE, { strict: false })
    const { pool } = both.product.database
    for (;;) {
      const { rows } = await pool.query('SELECT 1 FROM identity.unrecorded_fact')
      if (rows.length === 0) break
      await sleep(50)
    }
    const stream = `account-${account}`
    return (await store.readMany([{ stream }])).get(stream)!
  }

  it('is offered under the name that people know', async () => {
    const { status, body } = await both.product.http.get('/api/session/provider/about', { as: null })
    expect([status, body]).toEqual([200, { provider: 'Plant accounts' }])
  })

  it('lets in whom the provider sends, with the role that it tells, and goes on to where they wanted', async () => {
    const { browser, page } = await both.signIn('ana', { next: '/stock?alloy=EN AW-8011A#top' })
    expect(page.status).toBe(200)
    expect(page.text).toContain('content="0;url=/stock?alloy=EN%20AW-8011A#top"')
    expect(await both.whoIs(browser)).toEqual({ name: 'Ana Popescu', role: 'operator', partner: null, way: 'provider' })
    expect(browser.cookie('coiltrail')?.attributes).toMatch(/HttpOnly; SameSite=Strict/)
    expect(browser.cookie('coiltrail-sign-in')).toBeUndefined()
  })

  it('gives a partner their code', async () => {
    const { browser } = await both.signIn('elvin')
    expect(await both.whoIs(browser)).toMatchObject({ role: 'partner', partner: 'AZAL' })
  })

  it('keeps the way there in a cookie that goes nowhere else, no script reads, and is over in ten minutes', async () => {
    const { headers } = await both.product.http.get('/api/session/provider', { as: null })
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^coiltrail-sign-in=[\w.-]+; Max-Age=600; Path=\/api\/session\/provider; HttpOnly; SameSite=Lax$/,
      ),
    ])
    const asked = new URL(headers.get('location')!).searchParams
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      scope: 'openid profile',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
    })
  })

  it('finds the account again, however the person is called by then', async () => {
    const { people } = both.provider
    people.set('mihai', { preferred_username: 'Mihai', groups: 'coil-ops' })
    await both.signIn('mihai')
    people.set('mihai', { preferred_username: 'Mihai Ionescu', groups: 'coil-ops' })
    const { browser } = await both.signIn('mihai')
    expect(await both.whoIs(browser)).toMatchObject({ name: 'Mihai' })
  })

  it('notes who came for the first time, and when their rights were changed by whom', async () => {
    const { people } = both.provider
    people.set('ion', { preferred_username: 'Ion', groups: ['coil-ops'] })
    await both.signIn('ion')
    people.set('ion', { preferred_username: 'Ion', groups: ['coil-audit'] })
    const { browser } = await both.signIn('ion')
    expect(await both.whoIs(browser)).toMatchObject({ role: 'auditor' })

    const host = new URL(both.provider.issuer).host
    const events = await recordedOf('ion')
    expect(events.map(({ type, data }) => ({ type, ...data }))).toMatchObject([
      { type: 'AccountOpened', name: 'Ion', role: 'operator', issuer: both.provider.issuer },
      { type: 'SignedIn', name: 'Ion', by: 'provider', address: '127.0.0.1' },
      { type: 'AccountRightsChanged', name: 'Ion', role: 'auditor', by: `identity provider ${host}` },
      { type: 'SignedIn', name: 'Ion', by: 'provider' },
    ])
    // Who they were at that moment.
    expect(events.map(({ metadata }) => metadata.role)).toEqual([
      'administrator',
      'operator',
      'administrator',
      'auditor',
    ])
  })

  it('opens one account for one who comes twice at the same moment', async () => {
    both.provider.people.set('twin', { preferred_username: 'Twin', groups: ['coil-ops'] })
    const pages = await Promise.all(Array.from({ length: 5 }, () => both.signIn('twin')))
    expect(pages.map(({ page }) => page.status)).toEqual([200, 200, 200, 200, 200])
    const events = await recordedOf('twin')
    expect(events.filter(({ type }) => type === 'AccountOpened')).toHaveLength(1)
  })

  it('gives nobody the account of one who has the same name', async () => {
    const { pool } = both.product.database
    await pool.query(`INSERT INTO identity.account (name, role) VALUES ('Boss', 'administrator')`)
    both.provider.people.set('boss', { preferred_username: 'boss', groups: ['coil-ops'] })
    both.provider.people.set('us', { preferred_username: 'Coiltrail', groups: ['coil-ops'] })
    const host = new URL(both.provider.issuer).host
    const { browser } = await both.signIn('boss')
    expect(await both.whoIs(browser)).toMatchObject({ name: `boss (${host})`, role: 'operator' })
    const { browser: us } = await both.signIn('us')
    expect(await both.whoIs(us)).toMatchObject({ name: `Coiltrail (${host})` })
  })

  it('keeps a long name that somebody else has within a hundred characters', async () => {
    const preferred_username = '🏭'.repeat(50)
    for (const login of ['one', 'two', 'three']) {
      both.provider.people.set(login, { preferred_username, groups: ['coil-ops'] })
      expect((await both.signIn(login)).page.status).toBe(200)
    }
    const { rows } = await both.product.database.pool.query(
      `SELECT name FROM identity.account WHERE subject IN ('one', 'two', 'three')`,
    )
    const names = rows.map(({ name }) => name)
    expect(new Set(names).size).toBe(3)
    for (const name of names) expect(name).toMatch(/^🏭+( \([^()]+\))?$/u)
  })

  it('refuses one without a role here, says so, notes it, and ends what sessions they had', async () => {
    const { people } = both.provider
    people.set('left', { preferred_username: 'Left', groups: ['coil-ops'] })
    const { browser } = await both.signIn('left')
    people.set('left', { preferred_username: 'Left', groups: ['canteen'] })
    const { page, browser: again } = await both.signIn('left')
    expect([page.status, page.headers.get('location')]).toEqual([303, '/sign-in?problem=no-rights'])
    expect(again.cookie('coiltrail')).toBeUndefined()
    const { rows } = await both.product.database.pool.query(
      `SELECT ended_at IS NOT NULL AS ended FROM identity.session s JOIN identity.account a ON a.id = s.account
       WHERE a.subject = 'left'`,
    )
    expect(rows).toEqual([{ ended: true }])
    expect((await recordedOf('left')).slice(-2).map(({ type, data }) => ({ type, ...data }))).toMatchObject([
      { type: 'SignInRefused', why: 'no-rights', name: 'Left', address: '127.0.0.1' },
      { type: 'SessionEnded', name: 'Left' },
    ])
    expect(browser.cookie('coiltrail')).toBeDefined()
  })

  it('refuses one whom it never let in, and keeps that with what is noted of them later', async () => {
    const { people } = both.provider
    people.set('newcomer', { preferred_username: 'Newcomer' })
    expect((await both.signIn('newcomer')).page.headers.get('location')).toBe('/sign-in?problem=no-rights')
    people.set('newcomer', { preferred_username: 'Newcomer', groups: ['coil-ops'] })
    await both.signIn('newcomer')
    const types = (await recordedOf('newcomer')).map(({ type }) => type)
    expect(types).toEqual(['SignInRefused', 'AccountOpened', 'SignedIn'])
  })

  it.each([
    ['no code', undefined],
    ['a code that is none', 'a z'],
    ['two codes', ['AZAL', 'ALRO']],
  ])('refuses a partner of whom it is told %s', async (what, company) => {
    both.provider.people.set(what, { preferred_username: what, groups: ['suppliers'], company })
    expect((await both.signIn(what)).page.headers.get('location')).toBe('/sign-in?problem=no-rights')
  })

  it('refuses a closed account', async () => {
    both.provider.people.set('gone', { preferred_username: 'Gone', groups: ['coil-ops'] })
    await both.signIn('gone')
    await both.product.database.pool.query(`UPDATE identity.account SET closed_at = now() WHERE subject = 'gone'`)
    expect((await both.signIn('gone')).page.headers.get('location')).toBe('/sign-in?problem=account-closed')
    expect((await recordedOf('gone')).at(-1)).toMatchObject({ type: 'SignInRefused', data: { why: 'closed' } })
  })

  it('says so when somebody turns back at the provider', async () => {
    const browser = await both.atProvider()
    const abort = /href="([^"]*\/abort)"/.exec(browser.page.text)![1]!
    const page = await browser.browser.go(abort, undefined, (to) => to.includes('/sign-in?'))
    expect(page.headers.get('location')).toBe('/sign-in?problem=sign-in-cancelled')
  })

  it('goes on when the provider changes its keys', async () => {
    await both.signIn('ana')
    await both.provider.rotate()
    const { page } = await both.signIn('ana')
    expect(page.status).toBe(200)
  })
})

describe('Sign-in by a provider that keeps its ID tokens short', () => {
  let both: WithProvider
  beforeAll(async () => {
    both = await coiltrailWithProvider({}, await testProvider({ conformIdTokenClaims: true }))
  })
  afterAll(() => both.close())

  it('asks for the rest of the claims', async () => {
    both.provider.people.set('ana', { preferred_username: 'Ana Popescu', groups: ['coil-ops'] })
    const { browser } = await both.signIn('ana')
    expect(await both.whoIs(browser)).toMatchObject({ name: 'Ana Popescu', role: 'operator' })
    expect(both.provider.asked).toContain('/me')
  })
})

describe('Coiltrail at the provider', () => {
  it.each([
    ['by a secret in the body, where that is the only way', 'client_secret_post', CLIENT_SECRET],
    ['without a secret, where it is a public client', 'none', undefined],
  ] as const)('says who it is %s', async (_, way, secret) => {
    const provider = await testProvider(
      { clientAuthMethods: [way] },
      { token_endpoint_auth_method: way, ...(secret && { client_secret: secret }) },
    )
    const both = await coiltrailWithProvider({ OIDC_CLIENT_SECRET: secret ?? '' }, provider)
    provider.people.set('ana', { preferred_username: 'Ana', groups: ['coil-ops'] })
    const { browser } = await both.signIn('ana')
    expect(await both.whoIs(browser)).toMatchObject({ name: 'Ana' })
    await both.close()
  })

  it('is sent people back by HTTPS only, where it is reached by that', async () => {
    const both = await coiltrailWithProvider({ PUBLIC_URL: 'https://coils.plant.example' })
    const { headers } = await both.product.http.get('/api/session/provider', { as: null })
    expect(new URL(headers.get('location')!).searchParams.get('redirect_uri')).toBe(
      'https://coils.plant.example/api/session/provider/callback',
    )
    expect(headers.getSetCookie()).toEqual([expect.stringMatching(/^__Secure-coiltrail-sign-in=.*; HttpOnly; Secure;/)])
    await both.close()
  })
})

describe('A Coiltrail without an identity provider', () => {
  it('says so', async () => {
    const product = await testApp()
    expect((await product.http.get('/api/session/provider/about', { as: null })).body).toEqual({ provider: null })
    expect(await product.http.get('/api/session/provider', { as: null })).toMatchObject({
      status: 404,
      body: { rule: 'no-provider' },
    })
    await product.close()
  })
})
