import 'reflect-metadata'
import { coiltrailWithProvider, type WithProvider } from '#test/support/oidc-coiltrail'
import { withBody } from '#test/support/oidc-forgery'
import { type Answered, type Tampering, type TestProvider, testProvider } from '#test/support/oidc-provider'

const DESCRIPTION = '/.well-known/openid-configuration'
const UNREACHABLE = { status: 503, body: { rule: 'provider-unreachable' } }

describe('An identity provider that is away', () => {
  let provider: TestProvider
  let both: WithProvider
  beforeAll(async () => {
    provider = await testProvider()
    provider.people.set('ana', { preferred_username: 'Ana', groups: ['coil-ops'] })
    await provider.close()
    both = await coiltrailWithProvider({}, provider)
  })
  afterAll(() => both.close())
  afterEach(() => {
    provider.tamper = undefined
    provider.silent = false
  })

  const begin = () => both.product.http.get('/api/session/provider', { as: null })

  it('keeps Coiltrail from nothing but that sign-in, which says so and when to try again', async () => {
    const answer = await begin()
    expect(answer).toMatchObject(UNREACHABLE)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await both.product.http.get('/api/stock')).status).toBe(200)
    expect((await both.product.http.get('/api/health/ready', { as: null })).status).toBe(200)
  })

  it('is told to people on the page for signing in', async () => {
    const { page } = await both.atProvider()
    expect(page.url).toBe(`${both.product.url}/sign-in?problem=provider-unreachable`)
  })

  const answering =
    (answer: Partial<Answered>, more?: object): Tampering =>
    (path, right) => {
      if (path !== DESCRIPTION) return undefined
      return { ...(more ? withBody(right, { ...JSON.parse(right.body), ...more }) : right), ...answer }
    }

  it.each<[string, Tampering]>([
    ['what is no JSON', answering({ body: '<html>Welcome to nginx' })],
    ['a list', answering({ body: '[]' })],
    ['nothing', answering({ body: '' })],
    ['more than anybody would read', answering({}, { padding: 'x'.repeat(2 * 1024 * 1024) })],
    ['that it is broken', answering({ status: 500 })],
    ['that it is busy', answering({ status: 429 })],
    ['that it has moved', answering({ status: 302, headers: { location: 'https://login.elsewhere.example' } })],
    ['under the name of another', answering({}, { issuer: 'https://login.elsewhere.example' })],
  ])('is not taken for one while it answers %s', async (_, tampering) => {
    await both.provider.open()
    provider.tamper = tampering
    expect(await begin()).toMatchObject(UNREACHABLE)
    await both.provider.close()
  })

  it('is not waited for longer than people wait, and found again when it is back', async () => {
    await both.provider.open()
    provider.silent = true
    expect(await begin()).toMatchObject(UNREACHABLE)
    provider.silent = false
    const { browser } = await both.signIn('ana')
    expect(await both.whoIs(browser)).toMatchObject({ name: 'Ana' })
  })

  it.each<[string, Tampering]>([
    ['when it is asked for the token', (path) => (path === '/token' ? new Promise(() => {}) : undefined)],
    ['when it is asked for its keys', (path) => (path === '/jwks' ? new Promise(() => {}) : undefined)],
    ['in the middle', (path, answer) => (path === '/token' ? { ...answer, status: 502 } : undefined)],
  ])('is told when it falls silent %s', async (_, tampering) => {
    provider.tamper = tampering
    const { browser, page } = await both.signIn('ana')
    expect(page.headers.get('location')).toBe('/sign-in?problem=provider-unreachable')
    expect(browser.cookie('coiltrail')).toBeUndefined()
  })

  it.each<[string, string]>([
    ['no JSON', 'OK'],
    ['no token', '{}'],
    ['a token of a kind that nobody knows', '{"access_token":"x","token_type":"mac","id_token":"a.b.c"}'],
  ])('lets nobody in while its token endpoint answers with %s', async (_, body) => {
    provider.tamper = (path, answer) => (path === '/token' ? { ...answer, body } : undefined)
    const { page } = await both.signIn('ana')
    expect(page.headers.get('location')).toBe('/sign-in?problem=provider-answer-not-valid')
  })
})
