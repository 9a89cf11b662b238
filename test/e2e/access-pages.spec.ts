import 'reflect-metadata'
import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { OperationsModule } from '#apps/operations/src/operations.module'
import { type TestApp, testApp } from '#test/support/app'
import { notRun } from '#test/support/not-run'
import { PASSWORD, personOf } from '#test/support/people'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
const NEW_PASSWORD = 'eight coils on two skids'
/** Of a thumb in a glove, in CSS pixels. */
const LEAST_HEIGHT = 56

describe('The pages by which people come in', () => {
  if (!CHROMIUM) {
    notRun('the pages by which people come in, tried by hand', 'there is no Chromium in /usr/bin')
    it('are not tried here', () => expect(CHROMIUM).toBeUndefined())
    return
  }

  let plant: TestApp
  let browser: Browser
  let page: Page
  let complaints: string[]
  beforeAll(async () => {
    plant = await testApp({ module: OperationsModule })
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
    })
  })
  afterAll(async () => {
    await browser?.close()
    await plant.close()
  })
  beforeEach(async () => {
    complaints = []
    page = await newPage()
  })
  afterEach(() => page.context().close())

  const newPage = async () => {
    const context = await browser.newContext({ baseURL: plant.url, viewport: { width: 800, height: 1100 } })
    const opened = await context.newPage()
    opened.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    opened.on('pageerror', (error) => complaints.push(error.message))
    return opened
  }
  const signIn = async (name: string, password: string, on = page) => {
    await on.getByLabel('Name').fill(name)
    await on.getByLabel('Password', { exact: true }).fill(password)
    await on.getByRole('button', { name: 'Sign in' }).click()
  }
  const look = async (name: string) => {
    const folder = process.env.COILTRAIL_SCREENSHOTS
    if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
  }

  it('lead a person from the invitation to their account, by a password that is not taken until it is good', async () => {
    const { body } = await plant.http.post('/api/accounts', { name: 'Ana Popescu', role: 'partner', partner: 'AZAL' })
    await page.goto(body.link)
    await page.getByLabel('The same again').waitFor()
    await page.waitForFunction('location.hash === ""')
    await look('invitation')
    await page.getByLabel('Password', { exact: true }).fill('anapopescu')
    await page.getByLabel('The same again').fill('anapopescu')
    await page.getByRole('button', { name: 'Take this password' }).click()
    await page.getByText('it has fewer than 12 characters').waitFor()
    expect(await page.getByRole('alert').textContent()).toContain('it is your name')
    expect(await page.locator('[aria-invalid=true]').getAttribute('name')).toBe('password')
    await look('invitation-refused')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Take this password' }).click()
    await page.getByText('the two are not the same').waitFor()
    await page.getByLabel('The same again').fill(PASSWORD)
    await page.getByRole('button', { name: 'Take this password' }).click()

    await page.waitForURL('/account')
    await page.getByText('AZAL').waitFor()
    expect(await page.getByRole('listitem').count()).toBe(1)
    expect(complaints).toEqual([expect.stringContaining('422')])

    await page.goto(body.link)
    await page.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD)
    await page.getByLabel('The same again').fill(NEW_PASSWORD)
    await page.getByRole('button', { name: 'Take this password' }).click()
    await page.getByText('This invitation was used already').waitFor()
  })

  it('say that the link is not whole when nothing stands behind its #', async () => {
    await page.goto('/invitation')
    await page.getByText('The link is not whole').waitFor()
    expect(await page.getByRole('button').isDisabled()).toBe(true)
  })

  it('let somebody in by name and password, tell what is wrong, and how long to wait', async () => {
    const person = await personOf(plant, 'operator')
    await page.goto('/sign-in')
    await look('sign-in')
    await signIn(person.name, 'this is not it at all')
    await page.getByText('The name or the password is wrong').waitFor()
    for (let tries = 1; tries <= 3; tries++) {
      const answered = page.waitForResponse('/api/session')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await answered
    }
    await page.getByText('wrong too often').waitFor()
    await page.getByRole('button', { name: /Wait \d+ s/ }).waitFor()
    await look('sign-in-wait')
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    await signIn(person.name, PASSWORD)
    await page.waitForURL('/api/docs')
  })

  it.each([
    ['/account', '/account'],
    ['/account?a=1#x', '/account?a=1#x'],
    ['https://elsewhere.example/', '/api/docs'],
    ['//elsewhere.example/', '/api/docs'],
    ['/\\elsewhere.example/', '/api/docs'],
    ['/.//elsewhere.example/', '/api/docs'],
    ['javascript:alert(1)', '/api/docs'],
  ])('go on from ?next=%s to %s, never to another site', async (next, where) => {
    const person = await personOf(plant, 'operator')
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`)
    await signIn(person.name, PASSWORD)
    await page.waitForURL(where)
    expect(page.url()).toBe(`${plant.url}${where}`)
  })

  it('offer the way by the identity provider where there is one, and say what went wrong on it', async () => {
    await page.goto('/sign-in')
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    expect(await page.getByRole('link').count()).toBe(0)
    await page.route('/api/session/provider/about', (route) => route.fulfill({ json: { provider: 'Plant <b>ID</b>' } }))
    await page.goto('/sign-in?next=/account&problem=sign-in-cancelled')
    const link = page.getByRole('link', { name: 'Sign in with Plant <b>ID</b>' })
    expect(await link.getAttribute('href')).toBe('/api/session/provider?next=%2Faccount')
    expect(await page.getByRole('alert').textContent()).toBe('The identity provider did not sign you in.')
    await look('sign-in-provider')
    await page.goto('/sign-in?problem=constructor')
    await page.getByText('Signing in by the identity provider failed.').waitFor()
  })

  it('show where somebody is signed in, end it there, and change the password', async () => {
    const person = await personOf(plant, 'operator')
    const elsewhere = await newPage()
    await elsewhere.goto('/sign-in?next=/account')
    await signIn(person.name, PASSWORD, elsewhere)
    await elsewhere.getByText('(here)').waitFor()

    await page.goto('/account')
    await page.waitForURL('/sign-in?next=/account')
    await signIn(person.name, PASSWORD)
    await page.getByText('(here)').waitFor()
    expect(await page.getByRole('listitem').count()).toBe(3)
    await look('account')
    await page.getByRole('button', { name: /^End the session in Chrome/ }).click()
    await page.getByText('Ended: Chrome').waitFor()
    expect(await page.getByRole('listitem').count()).toBe(2)
    await elsewhere.reload()
    await elsewhere.waitForURL('/sign-in?next=/account')
    await elsewhere.context().close()

    await page.getByLabel('Password until now').fill(PASSWORD)
    await page.getByLabel('New password').fill(NEW_PASSWORD)
    await page.getByRole('button', { name: 'Change it' }).click()
    await page.getByText('Changed. You are signed out everywhere else.').waitFor()
    expect(await page.getByRole('listitem').count()).toBe(1)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL('/sign-in')
    await signIn(person.name, NEW_PASSWORD)
    await page.waitForURL('/api/docs')
  })

  it('can be used by keyboard alone', async () => {
    const person = await personOf(plant, 'operator')
    await page.goto('/sign-in?next=/account')
    await page.keyboard.type(person.name)
    await page.keyboard.press('Tab')
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press('Enter')
    await page.waitForURL('/account')
  })

  it.each(['light', 'dark'] as const)(
    'fit tablet and phone, and are large enough for gloves: %s',
    async (colorScheme) => {
      const person = await personOf(plant, 'operator')
      await page.emulateMedia({ colorScheme })
      for (const [device, width, height] of [
        ['phone', 360, 740],
        ['tablet', 1180, 820],
      ] as const) {
        await page.setViewportSize({ width, height })
        for (const path of ['/sign-in', '/invitation#x', '/account']) {
          const [cookie, value] = person.cookie.split('=')
          await page.context().addCookies([{ name: cookie!, value: value!, url: plant.url }])
          await page.goto(path)
          await page.getByRole('button').first().waitFor()
          await look(`${device}-${colorScheme}${path.replace('/', '-').replace('#x', '')}`)
          for (const part of await page.locator('button, input:not([type=checkbox]), label.tick, a.button').all()) {
            const box = await part.boundingBox()
            if (box) expect(box.height).toBeGreaterThanOrEqual(LEAST_HEIGHT)
          }
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
        }
      }
      expect(complaints).toEqual([])
    },
  )

  it('load nothing but files of their own: scripts written into them do not run, and nobody frames them', async () => {
    for (const path of ['/sign-in', '/invitation', '/account', '/sign-in/shared.js']) {
      const { status, headers } = await plant.http.get(path, { as: null })
      const policy = headers.get('content-security-policy')
      expect([path, status]).toEqual([path, 200])
      expect(policy).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
      expect(policy).not.toContain('unsafe')
    }
    await page.goto('/sign-in')
    await page.evaluate(
      `document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = 1' }))`,
    )
    expect(await page.evaluate('window.ran')).toBeUndefined()
  })
})
