import { readConfig } from './config.js'

describe('The settings', () => {
  it('need nothing to be set', () => {
    expect(readConfig({})).toMatchObject({
      PORT: 3000,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'log',
    })
    expect(readConfig({}).DATABASE_URL).toBeUndefined()
  })

  it('take an empty variable as one that is not set', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: '' })).toMatchObject({ PORT: 3000 })
  })

  it('have all their faults told at once', () => {
    const wrong = { PORT: '70000', DATABASE_URL: 'mysql://x', LOG_LEVEL: 'loud' }
    expect(() => readConfig(wrong)).toThrow(/PORT.*\n.*DATABASE_URL.*\n.*LOG_LEVEL/)
  })
})
