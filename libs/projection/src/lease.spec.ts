import pg from 'pg'
import { type NetworkLine, networkLine } from '#test/support/network-line'
import { type TestDatabase, testDatabase } from '#test/support/postgres'
import { Lease } from './lease.js'

describe('A lease', () => {
  let database: TestDatabase
  let line: NetworkLine
  let pool: pg.Pool
  beforeEach(async () => {
    database = await testDatabase()
    line = await networkLine(database.url)
    pool = new pg.Pool({ connectionString: line.url, connectionTimeoutMillis: 2_000 })
    pool.on('error', () => {})
  })
  afterEach(async () => {
    line.reset()
    await pool.end()
    line.close()
    await database.drop()
  })

  const lost = (lease: Lease) => new Promise((resolve) => lease.lost.addEventListener('abort', resolve))

  it('is one process’s at a time, until that one gives it back', async () => {
    const lease = await Lease.tryTake(pool, 'roll HOT-1')
    expect(await Lease.tryTake(database.pool, 'roll HOT-1')).toBeUndefined()
    expect(await Lease.isTaken(database.pool, 'roll HOT-1')).toBe(true)
    lease!.end()
    expect(lease!.lost.aborted).toBe(true)
    const next = await taken('roll HOT-1')
    next.end()
  })

  it('is known to be lost by one who was not told, whose unanswered question is broken off', async () => {
    const lease = await Lease.tryTake(pool, 'roll HOT-1')
    line.halfOpen('server')
    const next = await taken('roll HOT-1')
    const question = lease!.client.query('SELECT 1')
    question.catch(() => {})
    await lost(lease!)
    expect(lease!.lost.reason.message).toBe('PostgreSQL has ended the connection')
    await expect(question).rejects.toThrow()
    expect(next.lost.aborted).toBe(false)
    lease!.end()
    next.end()
  })

  it('is kept over a silence that is over before PostgreSQL has noticed it', async () => {
    const lease = await Lease.tryTake(pool, 'roll HOT-1')
    line.hold()
    await new Promise((resolve) => setTimeout(resolve, 6_000))
    line.release()
    await new Promise((resolve) => setTimeout(resolve, 6_000))
    expect(lease!.lost.aborted).toBe(false)
    lease!.end()
  })

  it('is not held for hours by one whose machine is gone', async () => {
    const lease = await Lease.tryTake(pool, 'roll HOT-1')
    const { rows } = await lease!.client.query('SHOW tcp_keepalives_idle')
    expect(rows).toEqual([{ tcp_keepalives_idle: '3' }])
    lease!.end()
  })

  /** PostgreSQL hears a moment later that it was given back. */
  async function taken(name: string): Promise<Lease> {
    for (;;) {
      const lease = await Lease.tryTake(database.pool, name)
      if (lease) return lease
    }
  }
})
