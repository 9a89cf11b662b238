/** Coiltrail with an identity provider, and the way through both. */
import { type TestApp, testApp } from './app.js'
import { type Page, TestBrowser } from './oidc-browser.js'
import { CLIENT_ID, CLIENT_SECRET, type TestProvider, testProvider } from './oidc-provider.js'

export interface WithProvider {
  readonly product: TestApp
  readonly provider: TestProvider
  /** A browser that has been at the provider, was sent back, and has what Coiltrail answered to that. */
  signIn(login: string, options?: SignInOptions): Promise<{ browser: TestBrowser; page: Page }>
  /** A browser that sees the provider's page for login. */
  atProvider(): Promise<{ browser: TestBrowser; page: Page }>
  /** As far as the provider's last word: the address that it sends the browser back to. */
  sentBack(login: string, browser?: TestBrowser): Promise<string>
  /** Who the browser is to Coiltrail: status, and the account of its session. */
  whoIs(browser: TestBrowser): Promise<{ name: string; role: string; partner: string | null; way: string } | undefined>
  close(): Promise<void>
}

export interface SignInOptions {
  readonly next?: string
  readonly browser?: TestBrowser
}

/** What a Coiltrail is told of the provider. */
export const providerSettingsFor = ({ issuer }: TestProvider) => ({
  OIDC_ISSUER: issuer,
  OIDC_CLIENT_ID: CLIENT_ID,
  OIDC_CLIENT_SECRET: CLIENT_SECRET,
  OIDC_NAME: 'Plant accounts',
  OIDC_ROLE_CLAIM: 'groups',
  OIDC_ROLES: 'coil-ops=operator,coil-audit=auditor,suppliers=partner',
  OIDC_PARTNER_CLAIM: 'company',
})

export async function coiltrailWithProvider(
  settings: Readonly<Record<string, string>> = {},
  provided?: TestProvider,
): Promise<WithProvider> {
  const provider = provided ?? (await testProvider())
  const product = await started(provider, settings)
  await provider.know(`${product.url}/api/session/provider/callback`)
  const isOurs = (to: string) => to.startsWith(product.url)

  const sentBack = async (login: string, browser = new TestBrowser(), next = '/') => {
    const begin = `${product.url}/api/session/provider?next=${encodeURIComponent(next)}`
    const shown = await browser.go(begin)
    const last = isOurs(shown.headers.get('location') ?? '') ? shown : await browser.logIn(shown, login, isOurs)
    const address = last.headers.get('location')
    if (!address) throw new Error(`nobody is sent back: ${last.status} ${last.url} ${last.text.slice(0, 500)}`)
    return address
  }

  return {
    product,
    provider,
    async atProvider() {
      const browser = new TestBrowser()
      return { browser, page: await browser.go(`${product.url}/api/session/provider`) }
    },
    sentBack: (login, browser) => sentBack(login, browser),
    async signIn(login, { next, browser = new TestBrowser() } = {}) {
      const page = await browser.ask(await sentBack(login, browser, next))
      return { browser, page }
    },
    async whoIs(browser) {
      const cookie = `coiltrail=${browser.cookie('coiltrail')?.value}`
      const { status } = await product.http.get('/api/plant', { as: null, headers: { cookie } })
      if (status !== 200) return undefined
      const { rows } = await product.database.pool.query(
        `SELECT a.name, a.role, a.partner, s.way FROM identity.session s JOIN identity.account a ON a.id = s.account
         WHERE s.ended_at IS NULL ORDER BY s.created_at DESC LIMIT 1`,
      )
      return rows[0]
    },
    async close() {
      await product.close()
      await provider.close()
    },
  }
}

async function started(provider: TestProvider, settings: Readonly<Record<string, string>>): Promise<TestApp> {
  try {
    return await testApp({ settings: { ...providerSettingsFor(provider), ...settings } })
  } catch (error) {
    await provider.close()
    throw error
  }
}
