import 'reflect-metadata'
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium } from 'playwright-core'
import { notRun } from '#test/support/not-run'
import { coiltrailWithProvider, type WithProvider } from '#test/support/oidc-coiltrail'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

describe('A browser that signs in by the identity provider', () => {
  if (!CHROMIUM) {
    notRun('sign-in by the identity provider in a browser', 'there is no Chromium in /usr/bin')
    it('is not tried here', () => expect(CHROMIUM).toBeUndefined())
    return
  }

  let both: WithProvider
  let browser: Browser
  let context: BrowserContext
  const complaints: string[] = []
  beforeAll(async () => {
    both = await coiltrailWithProvider()
    both.provider.people.set('ana', { preferred_username: 'Ana', groups: ['coil-ops'] })
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
    })
  })
  beforeEach(async () => {
    context = await browser.newContext()
  })
  afterEach(() => context.close())
  afterAll(async () => {
    await browser?.close()
    await both.close()
  })

  const signIn = async (next: string) => {
    const page = await context.newPage()
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => /Content.Security/.test(message.text()) && complaints.push(message.text()))
    await page.goto(`${both.product.url}/api/session/provider?next=${encodeURIComponent(next)}`)
    expect(new URL(page.url()).origin).toBe(both.provider.issuer)
    await page.fill('input[name=login]', 'ana')
    await page.fill('input[name=password]', 'any')
    await page.click('button[type=submit]')
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.url() === `${both.product.url}${next}`),
      page.click('button[type=submit]'),
    ])
    await page.waitForURL(`${both.product.url}${next}`)
    return { page, answer }
  }

  it('is known at the very first page that it goes on to, though another site led it here', async () => {
    const { answer } = await signIn('/api/plant')
    expect(answer.status()).toBe(200)
    expect(await answer.json()).toMatchObject({ company: 'ALRO' })
    expect(complaints).toEqual([])
  })

  it('keeps its session from scripts and other sites, and forgets the way there', async () => {
    const { page } = await signIn('/api/plant')
    const cookies = await context.cookies(both.product.url)
    expect(cookies).toMatchObject([{ name: 'coiltrail', sameSite: 'Strict', httpOnly: true, path: '/' }])
    await page.goto(`${both.provider.issuer}/.well-known/openid-configuration`)
    const [answer] = await Promise.all([
      page.waitForResponse(`${both.product.url}/api/plant`),
      page.evaluate(`location.assign('${both.product.url}/api/plant')`),
    ])
    // As the redirect of the provider itself would be: without the cookie.
    expect(answer.status()).toBe(401)
  })

  it('does not go back to an address with a code in it', async () => {
    const { page } = await signIn('/api/plant')
    await page.goBack()
    expect(page.url()).not.toContain('code=')
  })
})
