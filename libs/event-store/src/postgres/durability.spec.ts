import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type TestDatabase, testDatabase } from '#test/support/postgres'
import { follow, inOrder, one, readAll, until } from '../contract/under-test.js'
import { type RecordedEvent, StoreUnavailableError } from '../event-store.js'
import { cuttableLine } from './cuttable-line.js'
import { storeInstances } from './store-instances.js'

describe('the PostgreSQL event store, when things break', () => {
  let database: TestDatabase
  let instances: ReturnType<typeof storeInstances>
  beforeEach(async () => {
    database = await testDatabase()
    instances = storeInstances(database.url)
    await instances.open().migrate()
  })
  afterEach(async () => {
    await instances.closeAll()
    await database.drop()
  })

  /** Every connection of every store instance, whatever it is doing. */
  async function cutAllConnections(): Promise<number> {
    const { rows } = await database.pool.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    )
    return rows.length
  }

  async function recordedStreams(): Promise<string[]> {
    const { rows } = await database.pool.query('SELECT stream FROM event_store.events ORDER BY position')
    return rows.map((row) => row.stream)
  }

  it('loses and doubles no acknowledged event while its connections are cut, and no reader notices', async () => {
    const stores = [instances.open(), instances.open()]
    const seen: RecordedEvent[] = []
    const leaving = new AbortController()
    const following = follow(instances.open(), 0n, leaving.signal, (batch) => seen.push(...batch))
    const acknowledged = new Map<string, RecordedEvent>()
    let over = false
    const appending = Array.from({ length: 16 }, async (_, i) => {
      while (!over) {
        const stream = `coil-${randomUUID()}`
        // Were a batch sent again that had been recorded, this would be answered with a conflict.
        const { events } = await stores[i % 2]!.append([one(stream, 'none')])
        acknowledged.set(stream, events[0]!)
      }
    })
    let cut = 0
    for (let i = 0; i < 40; i++) {
      await delay(50)
      cut += await cutAllConnections()
    }
    over = true
    await Promise.all(appending)
    expect(cut).toBeGreaterThan(40)
    expect(acknowledged.size).toBeGreaterThan(500)
    const recorded = await recordedStreams()
    expect(recorded.toSorted()).toEqual([...acknowledged.keys()].toSorted())
    await until(() => seen.length >= recorded.length)
    leaving.abort()
    await following
    expect(inOrder(seen)).toBe(true)
    expect(seen.map((e) => e.stream)).toEqual(recorded)
    for (const event of seen) expect(event).toEqual(acknowledged.get(event.stream))
  })

  it('keeps every acknowledged append whole when the process is killed in the middle', async () => {
    const root = resolve(import.meta.dirname, '../../../..')
    const appender = join(import.meta.dirname, 'endless-appender.ts')
    for (const acknowledgements of [1, 200, 1_000]) {
      const child = spawn(
        process.execPath,
        ['--import', join(root, 'test/support/typescript.mjs'), appender, database.url],
        { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
      )
      let output = ''
      child.stdout.on('data', (chunk) => {
        output += chunk
        if (output.split('\n').length > acknowledgements) child.kill('SIGKILL')
      })
      const signal = await new Promise((done) => child.once('close', (_, by) => done(by)))
      expect(signal).toBe('SIGKILL')
      const acknowledged = output.split('\n').slice(0, -1)
      expect(acknowledged.length).toBeGreaterThanOrEqual(acknowledgements)
      const { rows } = await database.pool.query(
        `SELECT data ->> 'slit' AS slit, count(*)::int AS children FROM event_store.events GROUP BY 1`,
      )
      const children = new Map<string, number>(rows.map((row) => [row.slit, row.children]))
      expect(acknowledged.filter((slit) => children.get(slit) !== 3)).toEqual([])
      expect([...children.values()].filter((whole) => whole !== 3)).toEqual([])
    }
  })

  it('sends again an append that the server surely has not recorded', async () => {
    const store = instances.open()
    await store.append([one('coil-1', 'none')])
    // Held back by another writer, the append is under way when its connection is cut.
    const other = await database.pool.connect()
    await other.query(`BEGIN; SELECT event_store.lock_and_look('{}')`)
    const appending = store.append([one('coil-2', 'none')])
    await delay(100)
    const writers = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name LIKE 'coiltrail writer%' AND datname = current_database()`
    expect((await other.query(writers)).rowCount).toBe(1)
    await delay(100)
    await other.query('COMMIT')
    other.release()
    expect((await appending).revisions.get('coil-2')).toBe(0)
    expect(await recordedStreams()).toEqual(['coil-1', 'coil-2'])
  })

  it('acknowledges an append that was recorded though its answer was lost on the way', async () => {
    const line = await cuttableLine(database.url)
    const remote = storeInstances(line.url)
    const store = remote.open()
    await store.append([one('coil-1', 'none')])
    line.cutAtNextAnswer()
    const { events, revisions } = await store.append([one('coil-1', 0), one('coil-2', 'none')])
    expect(line.cuts()).toBe(1)
    expect([...revisions]).toEqual([
      ['coil-1', 1],
      ['coil-2', 0],
    ])
    expect(await recordedStreams()).toEqual(['coil-1', 'coil-1', 'coil-2'])
    expect(await readAll(store, 'coil-2')).toEqual(events.slice(1))
    await remote.closeAll()
    line.close()
  })

  it('does not answer while a lost connection may still record: that one is ended first', async () => {
    const line = await cuttableLine(database.url)
    const remote = storeInstances(line.url)
    const store = remote.open()
    await store.append([one('coil-1', 'none')])
    const other = await database.pool.connect()
    await other.query(`BEGIN; SELECT event_store.lock_and_look('{}')`)
    const appending = store.append([one('coil-2', 'none')])
    await delay(100)
    // The server does not see the store go: its statement waits on, and would be recorded later.
    line.loseAllSilently()
    await delay(300)
    await other.query('COMMIT')
    other.release()
    expect((await appending).revisions.get('coil-2')).toBe(0)
    expect(await recordedStreams()).toEqual(['coil-1', 'coil-2'])
    await remote.closeAll()
    line.close()
  })

  it('says that it is away when there is no server, in seconds and not for ever', async () => {
    const nowhere = storeInstances('postgres://nobody@127.0.0.1:1/nothing')
    const store = nowhere.open()
    const begun = performance.now()
    await expect(store.append([one('coil-1', 'none')])).rejects.toThrow(/nothing was recorded/)
    expect(performance.now() - begun).toBeLessThan(8_000)
    await expect(store.head()).rejects.toBeInstanceOf(StoreUnavailableError)
    await expect(store.readMany([{ stream: 'coil-1' }])).rejects.toBeInstanceOf(StoreUnavailableError)
    await nowhere.closeAll()
  })

  it('ends its subscriptions and takes nothing more once it is closed', async () => {
    const store = instances.open()
    const following = follow(store, 0n, new AbortController().signal, () => {})
    const last = store.append([one('coil-1', 'none')])
    await store.close()
    await following
    expect((await last).revisions.get('coil-1')).toBe(0)
    await expect(store.append([one('coil-2', 'none')])).rejects.toThrow(/closed/)
  })
})
