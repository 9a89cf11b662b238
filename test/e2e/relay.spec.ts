import { testDatabase } from '../support/postgres.js'
import { spawnApp } from '../support/process.js'

describe('The relay as a process', () => {
  it('says in one sentence that it was told no brokers, and nothing else', async () => {
    const database = await testDatabase()
    const relay = spawnApp('relay', { DATABASE_URL: database.url, COILTRAIL_TOKENS_FILE: '/dev/null', PORT: '0' })
    expect(await relay.ended).toBe(1)
    const lines = relay.output().trim().split('\n')
    expect(lines.at(-1)).toMatch(/^Coiltrail relay cannot start\. KAFKA_BROKERS is not set: tell the relay, /)
    expect(relay.output()).not.toMatch(/ at .*\.[jt]s:/)
    await database.drop()
  })
})
