import 'reflect-metadata'
import { existsSync } from 'node:fs'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { type TestApp, testApp } from '#test/support/app'
import { notRun } from '#test/support/not-run'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

describe('The page of the API', () => {
  if (!CHROMIUM) {
    notRun('the page of the API, tried by hand', 'there is no Chromium in /usr/bin')
    it('is not tried here', () => expect(CHROMIUM).toBeUndefined())
    return
  }

  let product: TestApp
  let browser: Browser
  let page: Page
  const complaints: string[] = []
  beforeAll(async () => {
    product = await testApp()
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
    })
    page = await browser.newPage()
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(`${product.url}/api/docs`)
  })
  afterAll(async () => {
    await browser?.close()
    await product.close()
  })

  const open = async (operation: string): Promise<Locator> => {
    const block = page.locator(`#operations-${operation}`)
    await block.locator('.opblock-summary-control').click()
    return block
  }
  /** Presses Execute, and gives status and body of the answer. */
  const execute = async (block: Locator) => {
    const [response] = await Promise.all([
      page.waitForResponse((answer) => answer.request().resourceType() === 'fetch'),
      block.locator('button.execute').click(),
    ])
    await block.locator('.live-responses-table').waitFor()
    return { status: response.status(), body: await response.json() }
  }

  it('shows every part with what it is for, and needs nothing from elsewhere', async () => {
    await page.locator('.opblock').first().waitFor()
    expect(await page.locator('.opblock-tag').first().textContent()).toMatch(/^stock/)
    expect(await page.locator('.opblock').count()).toBeGreaterThan(70)
    expect(complaints).toEqual([])
  })

  it('refuses without a token, and answers with one', async () => {
    const plant = await open('plant-Plant_plant')
    expect((await execute(plant)).status).toBe(401)
    await page.locator('.auth-wrapper button.authorize').click()
    await page.locator('#auth-bearer-value').fill(product.token('planner'))
    await page.locator('.auth-btn-wrapper button[type=submit]').first().click()
    await page.locator('.auth-btn-wrapper .btn-done').first().click()
    expect(await execute(plant)).toMatchObject({ status: 200, body: { company: 'ALRO' } })
  })

  it('takes its own examples as they stand, each time under a new key', async () => {
    const announce = await open('arrivals-Arrivals_announce')
    const first = await execute(announce)
    expect(first).toMatchObject({ status: 201, body: { announced: 1, faulty: 0, replayed: false } })
    const second = await execute(announce)
    expect(second).toMatchObject({ status: 200, body: { announced: 0, unchanged: 1, replayed: false } })
    expect(second.body.commandId).not.toBe(first.body.commandId)
  })
})
