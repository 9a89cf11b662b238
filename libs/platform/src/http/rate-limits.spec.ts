import 'reflect-metadata'
import { Controller, Get, Module, Post, UnauthorizedException } from '@nestjs/common'
import { type TestApp, testApp } from '#test/support/app'
import { readConfig } from '../config.js'
import { Allow, AllowAnyone } from '../identity/allow.js'

@Controller('trial')
class TrialController {
  @Get('read')
  @Allow('search-stock')
  read() {
    return {}
  }

  @Post('guess')
  @AllowAnyone()
  guess() {
    throw new UnauthorizedException()
  }
}

@Module({ controllers: [TrialController] })
class TrialModule {}

const started: TestApp[] = []
const start = async (settings: Record<string, string>) => {
  const app = await testApp({ module: TrialModule, settings })
  started.push(app)
  return app
}
afterEach(async () => {
  for (const app of started.splice(0)) await app.close()
})

describe('Whoever asks too much', () => {
  it('by one key waits, and is told how long; other keys do not', async () => {
    const { http } = await start({ REQUESTS_PER_KEY: '20' })
    const answers = await Promise.all(Array.from({ length: 30 }, () => http.get('/api/trial/read', { as: 'operator' })))
    const statuses = answers.map(({ status }) => status)
    expect([statuses.filter((s) => s === 200).length, statuses.filter((s) => s === 429).length]).toEqual([20, 10])
    const refused = answers.find(({ status }) => status === 429)!
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(refused.body).toMatchObject({ rule: 'too-many-requests', values: { most: 20 } })
    expect((await http.get('/api/trial/read', { as: 'quality' })).status).toBe(200)
  })

  it('from one address waits, by whatever key or none', async () => {
    const { http } = await start({ REQUESTS_PER_ADDRESS: '20' })
    const ask = (as: 'operator' | null) => http.get('/api/trial/read', { as })
    const statuses: number[] = []
    for (let n = 0; n < 15; n++) statuses.push((await ask('operator')).status, (await ask(null)).status)
    expect(statuses.filter((status) => status === 429)).toHaveLength(10)
    expect(statuses.slice(-10)).toEqual(Array(10).fill(429))
  })

  it('behind a proxy that is trusted is told apart by the address that it tells; behind one that is not, not', async () => {
    const trusting = await start({ REQUESTS_PER_ADDRESS: '20', TRUSTED_PROXIES: '127.0.0.1' })
    const plain = await start({ REQUESTS_PER_ADDRESS: '20' })
    const last = async ({ http }: TestApp) => {
      let status = 0
      for (let n = 0; n < 30; n++) {
        ;({ status } = await http.get('/api/trial/read', { headers: { 'x-forwarded-for': `192.0.2.${n}` } }))
      }
      return status
    }
    expect([await last(trusting), await last(plain)]).toEqual([200, 429])
  })

  it('behind a trusted proxy that passes on what is no address is counted as the proxy', async () => {
    const { http } = await start({ REQUESTS_PER_ADDRESS: '20', TRUSTED_PROXIES: '127.0.0.1' })
    let status = 0
    for (let n = 0; n < 30; n++) {
      ;({ status } = await http.get('/api/trial/read', { headers: { 'x-forwarded-for': `somebody ${n}` } }))
    }
    expect(status).toBe(429)
  })

  it('without being known is no guesser: a tablet whose session is over shuts nobody out', async () => {
    const { http } = await start({})
    const cookie = `coiltrail=${'s'.repeat(43)}`
    for (let n = 0; n < 70; n++) await http.get('/api/trial/read', { as: null, ...(n % 2 && { headers: { cookie } }) })
    expect((await http.post('/api/trial/guess', {}, { as: null })).status).toBe(401)
  })

  it('at the door by guessing is not listened to any more, while whoever is inside goes on', async () => {
    const { http } = await start({})
    const guess = () => http.post('/api/trial/guess', {}, { as: null })
    const statuses: number[] = []
    for (let n = 0; n < 70; n++) statuses.push((await guess()).status)
    expect(statuses.slice(0, 60)).toEqual(Array(60).fill(401))
    expect(statuses.slice(61)).toEqual(Array(9).fill(429))
    expect((await http.get('/api/trial/read')).status).toBe(200)
  })
})

it('Limits that are none are refused at start', () => {
  expect(() => readConfig({ REQUESTS_PER_KEY: '0', TRUSTED_PROXIES: 'everybody' })).toThrow(
    /REQUESTS_PER_KEY[\s\S]*TRUSTED_PROXIES|TRUSTED_PROXIES[\s\S]*REQUESTS_PER_KEY/,
  )
})
