import { testDatabase } from './postgres.js'

describe('A database for a spec', () => {
  it('is a real PostgreSQL 18 of its own that does not see what another spec writes', async () => {
    const one = await testDatabase()
    const two = await testDatabase()
    await one.pool.query('CREATE TABLE coil (number text)')

    expect((await one.pool.query("SELECT to_regclass('coil') AS found")).rows[0].found).toBe('coil')
    expect((await two.pool.query("SELECT to_regclass('coil') AS found")).rows[0].found).toBeNull()

    await one.drop()
    await two.drop()
    await expect(one.pool.query('SELECT 1')).rejects.toThrow()
  })
})
