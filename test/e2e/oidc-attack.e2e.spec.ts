import 'reflect-metadata'
import { Logger } from '@nestjs/common'
import { StandaloneModule } from '#apps/standalone/src/standalone.module'
import { readConfig } from '#platform/config'
import { createApp } from '#platform/http/create-app'
import { addressOf } from '#test/support/http'
import { TestBrowser } from '#test/support/oidc-browser'
import { coiltrailWithProvider, providerSettingsFor, type WithProvider } from '#test/support/oidc-coiltrail'
import { type IdToken, signed, signedBySecret, unsigned, withBody, withIdToken } from '#test/support/oidc-forgery'
import { CLIENT_SECRET, newKey, testProvider } from '#test/support/oidc-provider'

let both: WithProvider
const lines: string[] = []
const cookies = new Set<string>()
beforeAll(async () => {
  both = await coiltrailWithProvider()
  both.provider.people.set('ana', { preferred_username: 'Ana', groups: ['coil-ops'] })
})
afterAll(() => both.close())
// Before each: whatever product starts takes the log for itself.
beforeEach(() => {
  const keep = (...words: unknown[]) => void lines.push(words.map(String).join(' '))
  Logger.overrideLogger({ log: keep, error: keep, warn: keep, debug: keep, verbose: keep, fatal: keep })
})
afterEach(() => {
  both.provider.tamper = undefined
})

/** Where the browser is led, and whether it is signed in. */
const outcomeOf = (browser: TestBrowser, page: { status: number; headers: Headers }) => {
  for (const { value } of browser.cookies.values()) cookies.add(value)
  return {
    status: page.status,
    problem: page.headers.get('location')?.replace('/sign-in?problem=', ''),
    isIn: browser.cookie('coiltrail') !== undefined,
  }
}
const refused = (problem: string) => ({ status: 303, problem, isIn: false })
const IN = { status: 200, problem: undefined, isIn: true }

describe('An ID token', () => {
  const comesAs = async (forge: (token: IdToken, original: string) => string | undefined) => {
    both.provider.tamper = withIdToken(forge)
    const { browser, page } = await both.signIn('ana')
    return outcomeOf(browser, page)
  }
  const saying = (claims: Record<string, unknown>) => (token: IdToken) =>
    signed({ ...token, claims: { ...token.claims, ...claims } }, both.provider.key())
  const NOW = Math.floor(Date.now() / 1000)

  it('is taken when the provider itself might have made it, so that what follows is refused for what is said', async () => {
    expect(await comesAs(saying({}))).toEqual(IN)
  })

  it.each<[string, (token: IdToken, original: string) => string | undefined]>([
    ['unsigned, and says so (alg: none)', ({ claims }) => `${unsigned({ header: { alg: 'none' }, claims })}.`],
    ['unsigned, in other letters (alg: NONE)', ({ claims }) => `${unsigned({ header: { alg: 'NoNe' }, claims })}.`],
    ['without its signature', (_, original) => `${original.split('.').slice(0, 2).join('.')}.`],
    ['signed by a foreign key that calls itself the same', (token) => signed(token, newKey())],
    [
      'signed by a foreign key that it brings along',
      (token) => {
        const { d: _, p: __, q: ___, dp: ____, dq: _____, qi: ______, ...jwk } = newKey()
        return signed({ ...token, header: { ...token.header, jwk } }, newKey())
      },
    ],
    ['signed by the client secret', (token) => signedBySecret(token, CLIENT_SECRET)],
    ['signed by the public key as if that were a secret', (token) => signedBySecret(token, both.provider.key().n!)],
    [
      'altered, under its old signature',
      ({ header, claims }, original) =>
        `${unsigned({ header, claims: { ...claims, groups: ['coil-audit'] } })}.${original.split('.')[2]}`,
    ],
    ['for another client', saying({ aud: 'canteen' })],
    ['for several, of whom another asked', saying({ aud: ['coiltrail', 'canteen'], azp: 'canteen' })],
    ['of another issuer', saying({ iss: 'https://login.elsewhere.example' })],
    ['whose time is over', saying({ exp: NOW - 3600, iat: NOW - 7200 })],
    ['whose time has not come', saying({ nbf: NOW + 3600 })],
    ['of another sign-in', saying({ nonce: 'of-another-sign-in' })],
    ['of no sign-in', saying({ nonce: undefined })],
    ['of nobody', saying({ sub: undefined })],
    ['which is none', () => 'nonsense'],
    ['which is missing', () => undefined],
  ])('lets nobody in that is %s', async (_, forge) => {
    expect(await comesAs(forge)).toEqual(refused('provider-answer-not-valid'))
  })

  it.each([
    ['begins with a space', ' ana'],
    ['holds a zero', 'a\0na'],
    ['is longer than any', 'a'.repeat(300)],
  ])('lets nobody in whose subject %s', async (_, sub) => {
    expect(await comesAs(saying({ sub }))).toEqual(refused('claims-not-usable'))
  })
})

describe('What a provider tells when asked for the rest', () => {
  it('counts only for whom the ID token names', async () => {
    const short = await coiltrailWithProvider({}, await testProvider({ conformIdTokenClaims: true }))
    short.provider.people.set('ana', { preferred_username: 'Ana', groups: ['coil-ops'] })
    short.provider.tamper = (path, answer) =>
      path === '/me' ? withBody(answer, { sub: 'boss', preferred_username: 'Boss', groups: ['coil-audit'] }) : undefined
    const { browser, page } = await short.signIn('ana')
    expect(outcomeOf(browser, page)).toEqual(refused('provider-answer-not-valid'))
    await short.close()
  })
})

describe('A way back', () => {
  const notBegun = refused('sign-in-not-begun-here')

  it('is gone once, however often it is tried, at once or later', async () => {
    const browser = new TestBrowser()
    const address = await both.sentBack('ana', browser)
    const copies = Array.from({ length: 5 }, () => copyOf(browser))
    const outcomes = await Promise.all(copies.map(async (copy) => outcomeOf(copy, await copy.ask(address))))
    expect(outcomes.filter(({ isIn }) => isIn)).toEqual([IN])
    expect(outcomes.filter(({ isIn }) => !isIn)).toEqual([notBegun, notBegun, notBegun, notBegun])
    expect(outcomeOf(browser, await browser.ask(address))).toEqual(notBegun)
  })

  it('is gone once, in whichever process it ends', async () => {
    const browser = new TestBrowser()
    const address = await both.sentBack('ana', browser)
    const copy = copyOf(browser)
    expect(outcomeOf(browser, await browser.ask(address))).toEqual(IN)
    const config = readConfig(providerSettingsFor(both.provider))
    const other = await createApp(StandaloneModule, { config, databaseUrl: both.product.database.url, logger: false })
    await other.listen(0, '127.0.0.1')
    const there = address.replace(both.product.url, addressOf(other))
    expect(outcomeOf(copy, await copy.ask(there))).toEqual(notBegun)
    await other.close()
  })

  it('leads nowhere in a browser that did not begin it, whether or not that one began another', async () => {
    const address = await both.sentBack('ana')
    const victim = new TestBrowser()
    expect(outcomeOf(victim, await victim.ask(address))).toEqual(notBegun)
    const { browser: busy } = await both.atProvider()
    expect(outcomeOf(busy, await busy.ask(address))).toEqual(notBegun)
  })

  it('leads nowhere when nothing was begun at all', async () => {
    const browser = new TestBrowser()
    const callback = `${both.product.url}/api/session/provider/callback`
    const before = both.provider.asked.length
    for (const query of ['', '?code=x&state=y', '?code=x', '?error=access_denied&state=y', '?state=', '?%ff=%00']) {
      expect(outcomeOf(browser, await browser.ask(`${callback}${query}`))).toEqual(notBegun)
    }
    expect(both.provider.asked.length).toBe(before)
  })

  it('takes no code that somebody else was given', async () => {
    const theirs = new URL(await both.sentBack('ana')).searchParams.get('code')!
    const browser = new TestBrowser()
    const mine = new URL(await both.sentBack('ana', browser))
    mine.searchParams.set('code', theirs)
    expect(outcomeOf(browser, await browser.ask(mine.href))).toEqual(refused('provider-answer-not-valid'))
  })

  it.each([
    [
      'comes from another provider',
      (address: URL) => address.searchParams.set('iss', 'https://login.elsewhere.example'),
    ],
    ['has a second code', (address: URL) => address.searchParams.append('code', 'another')],
    ['has no code', (address: URL) => address.searchParams.delete('code')],
  ])('leads nowhere when it %s', async (_, alter) => {
    const browser = new TestBrowser()
    const address = new URL(await both.sentBack('ana', browser))
    alter(address)
    expect(outcomeOf(browser, await browser.ask(address.href))).toEqual(refused('provider-answer-not-valid'))
  })

  it('is told to programs as a problem', async () => {
    const answer = await both.product.http.get('/api/session/provider/callback?code=x&state=y', { as: null })
    expect([answer.status, answer.body.rule]).toEqual([403, 'sign-in-not-begun-here'])
  })
})

describe('Where to go on to', () => {
  it.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    'javascript:alert(1)',
    'stock',
    `/${'a'.repeat(1_000)}`,
  ])('is a path of Coiltrail, and so not %s', async (next) => {
    const answer = await both.product.http.get(`/api/session/provider?next=${encodeURIComponent(next)}`, { as: null })
    expect([answer.status, answer.body.rule, answer.headers.get('set-cookie')]).toEqual([400, 'invalid-request', null])
  })

  it('cannot be changed on the way', async () => {
    const browser = new TestBrowser()
    const address = await both.sentBack('ana', browser)
    const copy = new TestBrowser()
    for (const [key, cookie] of browser.cookies) {
      const [secret, end] = cookie.value.split('.')
      const value = `${secret}.${end}.${Buffer.from('https://evil.example').toString('base64url')}`
      copy.cookies.set(key, cookie.name === 'coiltrail-sign-in' ? { ...cookie, value } : cookie)
    }
    expect(outcomeOf(copy, await copy.ask(address))).toEqual(refused('sign-in-not-begun-here'))
  })

  it('is no place for a script', async () => {
    const { page } = await both.signIn('ana', { next: `/"><script>alert('x')</script>?a=1&b="<'` })
    expect(page.status).toBe(200)
    expect(page.text).not.toContain('<script')
    expect(page.text).toContain(
      `content="0;url=/%22%3E%3Cscript%3Ealert(&#39;x&#39;)%3C/script%3E?a=1&#38;b=%22%3C%27"`,
    )
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it('is asked of no browser that came by a name which is not ours', async () => {
    const answer = await both.product.app.inject({ url: '/api/session/provider', headers: { host: 'evil.example' } })
    expect([answer.statusCode, answer.json().rule]).toEqual([409, 'public-url-not-set'])
  })
})

describe('A name', () => {
  it.each([
    ['turns the direction of what follows', 'Ana\u202Eppopescu'],
    ['has ten thousand letters', 'A'.repeat(10_000)],
    ['cannot be seen', '\u200B'],
    ['is two lines', 'Ana\nBoss'],
    ['is empty', ''],
    ['is a number', 7],
    ['is several', ['Ana', 'Boss']],
    ['is missing', undefined],
  ])('that %s is refused', async (what, preferred_username) => {
    both.provider.people.set(what, { preferred_username, groups: ['coil-ops'] })
    const { browser, page } = await both.signIn(what)
    expect(outcomeOf(browser, page)).toEqual(refused('claims-not-usable'))
  })
})

describe('Whatever happened here', () => {
  it('is told in the log without a secret, and without the words of others', () => {
    expect(lines.filter((line) => line.includes('was refused')).length).toBeGreaterThan(20)
    expect(lines.join('\n')).toContain('unexpected JWT claim value encountered')
    expect(lines.join('\n')).toContain('(preferred_username): this has at most 100 characters')
    const secrets = [...both.provider.secrets, ...cookies]
    expect(secrets.length).toBeGreaterThan(100)
    for (const line of lines) {
      for (const secret of secrets) expect(line).not.toContain(secret)
      expect(line).not.toMatch(/elsewhere|popescu|eyJ/)
    }
  })

  it('left no secret in the database', async () => {
    const { pool } = both.product.database
    const { rows: tables } = await pool.query(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('identity', 'event_store')`,
    )
    expect(tables.length).toBeGreaterThan(4)
    const kept = await Promise.all(tables.map(({ name }) => pool.query(`SELECT t::text AS row FROM ${name} t`)))
    const text = kept.flatMap(({ rows }) => rows.map(({ row }) => row)).join('\n')
    expect(text).toContain('SignedIn')
    for (const secret of [...both.provider.secrets, ...cookies]) {
      expect(text).not.toContain(secret)
      expect(text).not.toContain(Buffer.from(secret).toString('hex'))
    }
  })
})

function copyOf(browser: TestBrowser): TestBrowser {
  const copy = new TestBrowser()
  for (const [key, cookie] of browser.cookies) copy.cookies.set(key, cookie)
  return copy
}
