import { type TestDatabase, testDatabase } from '#test/support/postgres'
import { makePool } from './pool.js'
import { inTransaction } from './transaction.js'

describe('A transaction', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
    await database.pool.query('CREATE TABLE word (word text PRIMARY KEY)')
  })
  afterAll(() => database.drop())

  const words = async () =>
    (await database.pool.query<{ word: string }>('SELECT word FROM word ORDER BY 1')).rows.map(({ word }) => word)

  it('is all there, or nothing of it', async () => {
    const add = (word: string, after: () => void) =>
      inTransaction(database.pool, async (client) => {
        await client.query('INSERT INTO word VALUES ($1)', [word])
        after()
        return word
      })
    expect(await add('kept', () => {})).toBe('kept')
    await expect(
      add('lost', () => {
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(await words()).toEqual(['kept'])
  })

  it('whose connection is lost while nothing is asked on it fails, and the next one has another connection', async () => {
    const pool = makePool(database.url, 'spec', 1)
    const broken = inTransaction(pool, async (client) => {
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
      await database.pool.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid])
      await new Promise((resolve) => setTimeout(resolve, 200))
    })
    await expect(broken).rejects.toThrow()
    expect(await inTransaction(pool, async (client) => (await client.query('SELECT 1')).rowCount)).toBe(1)
    await pool.end()
  })
})
