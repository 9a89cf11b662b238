import { setTimeout } from 'node:timers/promises'
import { type TestDatabase, testDatabase } from '#test/support/postgres'
import { migrateCheckpoints, readCheckpoint } from './checkpoint.js'
import { OvertakenError, RightToPublish } from './right-to-publish.js'

describe('The right to publish', () => {
  let database: TestDatabase
  const held = new Set<RightToPublish>()
  beforeAll(async () => {
    database = await testDatabase()
    await migrateCheckpoints(database.pool)
  })
  afterEach(() => {
    for (const right of held) leave(right)
  })
  afterAll(() => database.drop())

  async function take(topic: string): Promise<RightToPublish | undefined> {
    const right = await RightToPublish.take(database.pool, topic)
    if (right) held.add(right)
    return right
  }

  function leave(right: RightToPublish): void {
    held.delete(right)
    right.end()
  }

  /** What a firewall or an administrator does to the connection that holds it; the process itself is not asked. */
  const cutOff = (topic: string) =>
    database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database =
         (SELECT oid FROM pg_database WHERE datname = current_database())
         AND (classid::bigint << 32) | objid::bigint = hashtextextended($1, 0)`,
      [`coiltrail relay ${topic}`],
    )

  it('is one relay’s at a time for each topic', async () => {
    const first = await take('once')
    expect(await take('once')).toBeUndefined()
    expect(await take('another')).toBeDefined()
    leave(first!)
    await setTimeout(100)
    expect(await take('once')).toBeDefined()
  })

  it('goes on from where the one before was', async () => {
    const first = (await take('goes-on'))!
    await first.rememberPartitions(12)
    await first.move(40n, 3, new Map([[4, 17n]]))
    await first.move(44n, 2, new Map([[5, 0n]]))
    leave(first)
    await setTimeout(100)
    const { checkpoint } = (await take('goes-on'))!
    expect(checkpoint).toEqual({
      epoch: '2',
      position: 44n,
      events: 5,
      partitions: 12,
      offsets: new Map([
        [4, 17n],
        [5, 0n],
      ]),
    })
  })

  it('begins again when the brokers acknowledge at an offset where they had another event already', async () => {
    const right = (await take('cut-back'))!
    await right.rememberPartitions(12)
    await right.move(40n, 30, new Map([[4, 17n]]))
    await expect(right.move(50n, 10, new Map([[4, 12n]]))).rejects.toThrow('topic cut-back has lost events')
    const again = { position: 0n, events: 0, partitions: 12, offsets: new Map() }
    expect(await readCheckpoint(database.pool, 'cut-back')).toMatchObject(again)
    await right.move(10n, 10, new Map([[4, 22n]]))
    expect(right.position).toBe(10n)
  })

  it('is told as lost when its connection is cut', async () => {
    const right = (await take('cut'))!
    await cutOff('cut')
    await setTimeout(100)
    expect(right.lost.aborted).toBe(true)
    await expect(right.confirm()).rejects.toThrow()
  })

  it('is refused to a relay that was overtaken without noticing: its checkpoint does not count', async () => {
    const zombie = (await take('zombie'))!
    // The lock alone is gone, as after a failover of the server: the connection is there, and says nothing.
    await database.pool.query("UPDATE relay.checkpoints SET epoch = epoch + 1 WHERE topic = 'zombie'")
    await expect(zombie.move(3n, 3, new Map())).rejects.toThrow(OvertakenError)
    await expect(zombie.goBackToStart()).rejects.toThrow(OvertakenError)
    expect(await readCheckpoint(database.pool, 'zombie')).toMatchObject({ epoch: '2', position: 0n, events: 0 })
    await setTimeout(1_100)
    await expect(zombie.confirm()).rejects.toThrow(/another relay publishes to zombie now/)
  })
})
