import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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

describe('A secret', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'coiltrail-secrets-'))
    await writeFile(join(folder, 'url'), 'postgres://plant:secret@db/coiltrail\n')
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('is read from a file where its name ends so', () => {
    const { DATABASE_URL } = readConfig({ DATABASE_URL_FILE: join(folder, 'url') })
    expect(DATABASE_URL).toBe('postgres://plant:secret@db/coiltrail')
  })

  it('is told one way only, and its file must be there', () => {
    const twice = { DATABASE_URL_FILE: join(folder, 'url'), DATABASE_URL: 'postgres://db/x' }
    expect(() => readConfig(twice)).toThrow(/DATABASE_URL_FILE: DATABASE_URL is set as well/)
    expect(() => readConfig({ KAFKA_PASSWORD_FILE: join(folder, 'none') })).toThrow(
      /KAFKA_PASSWORD_FILE: cannot be read/,
    )
  })
})

describe('Settings that contradict each other', () => {
  it('are refused: two event stores, half a sign-in', () => {
    const stores = { KURRENTDB_URL: 'kurrentdb://db:2113', EVENT_STORE_DATABASE_URL: 'postgres://db/x' }
    expect(() => readConfig(stores)).toThrow(/events are in one of them/)
    expect(() => readConfig({ KAFKA_USERNAME: 'relay' })).toThrow(/both or none/)
  })
})
