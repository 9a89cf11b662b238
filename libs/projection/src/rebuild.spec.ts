import { describe, expect, test } from '@jest/globals'
import { contents } from '#test/fixtures/ledger/contents'
import { type Fact, ledger } from '#test/fixtures/ledger/ledger'
import { eventually, Plant } from '#test/fixtures/ledger/plant'
import { find } from './builds.js'
import { type Projection, table } from './projection.js'
import type { RebuildProgress } from './rebuild.js'

const received = { type: 'CoilReceived', kg: 7000, location: 'bay-1', tag: 'new' } as const
const moved = (to: string): Fact => ({ type: 'CoilMoved', to })

/** Events come as fast as the store takes them, until it is told to end. */
function traffic(plant: Plant): { end(): Promise<void> } {
  let going = true
  const done = (async () => {
    for (let n = 0; going; n++) {
      await plant.happens(`busy-${n % 40}`, ...(n < 40 ? [received] : []), moved(`bay-${n % 9}`))
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  })()
  return {
    async end() {
      going = false
      await done
    },
  }
}

describe('a rebuild', () => {
  test('under live traffic ends equal to the old tables, which answer all the time', async () => {
    await using plant = await Plant.open()
    const runner = await plant.started(ledger())
    await runner.waitFor(await plant.lives(1500), 20_000)
    const busy = traffic(plant)
    let asking = true
    const least = { coils: Number.POSITIVE_INFINITY }
    let backwards = 0
    const queries = (async () => {
      for (let seen = 0n; asking; ) {
        const { n } = await plant.one<{ n: number }>('SELECT count(*)::int AS n FROM ledger.coils')
        least.coils = Math.min(least.coils, n)
        const { position } = await runner.live()
        if (position < seen) backwards++
        seen = position
      }
    })()
    const before = await runner.live()
    const progress: RebuildProgress[] = []
    const rebuilt = await runner.rebuild({
      onProgress(report) {
        progress.push(report)
        if (report.phase === 'swapping') void plant.lives(100, 'last-minute')
      },
    })
    expect(rebuilt.outcome).toBe('swapped')
    await runner.waitFor(await plant.happens('after', received), 5000)
    await busy.end()
    asking = false
    await queries
    await runner.waitFor(await plant.store.head(), 5000)

    expect((await runner.live()).build).toBe(before.build + 1)
    expect(least.coils).toBeGreaterThanOrEqual(1363)
    expect(backwards).toBe(0)
    expect(new Set(progress.map(({ phase }) => phase))).toEqual(
      new Set(['history', 'indexes', 'catching up', 'swapping']),
    )
    expect(progress.at(-1)!.events).toBeLessThanOrEqual(progress.at(-1)!.ofEvents)
    await using calm = await Plant.open()
    calm.feed = plant.feed
    await (await calm.started(ledger())).waitFor(await plant.store.head(), 10_000)
    expect(await contents(plant.pool, ledger())).toEqual(await contents(calm.pool, ledger()))
    expect((await plant.pool.query(`SELECT tablename FROM pg_tables WHERE tablename LIKE '%\\_\\_1'`)).rows).toEqual([])
    const indexes = await plant.one<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_indexes WHERE tablename = 'coils__2'`,
    )
    expect(indexes).toEqual({ n: 3 })
  })

  test('that is stopped goes on from where it was', async () => {
    await using plant = await Plant.open()
    const runner = await plant.started(ledger())
    await runner.waitFor(await plant.lives(4000), 20_000)
    const head = await plant.store.head()
    const stop = new AbortController()
    const stopped = await runner.rebuild({
      signal: stop.signal,
      onProgress: ({ events }) => events > 4000 && stop.abort(),
    })
    expect(stopped.outcome).toBe('stopped')
    expect(stopped.position).toBeGreaterThan(0n)
    expect(stopped.position).toBeLessThan(head)
    expect(await runner.rebuildStatus()).toMatchObject({
      running: false,
      phase: 'history',
      events: Number(stopped.position),
    })
    const first: number[] = []
    const rebuilt = await runner.rebuild({ onProgress: ({ events }) => first.push(events) })
    expect(rebuilt).toMatchObject({ outcome: 'swapped', build: stopped.build })
    expect(first[0]).toBe(Number(stopped.position))
    await using calm = await Plant.open()
    calm.feed = plant.feed
    await (await calm.started(ledger())).waitFor(head, 10_000)
    expect(await contents(plant.pool, ledger())).toEqual(await contents(calm.pool, ledger()))
  })

  test('can be stopped by another process, and stays stopped when that starts again', async () => {
    await using plant = await Plant.open()
    const runner = await plant.started(ledger())
    const other = await plant.started(ledger())
    await runner.waitFor(await plant.lives(100), 20_000)
    const { feed } = plant
    let pieces = 0
    // Ten events at a time, slowly, so that there is a middle to stop in.
    plant.feed = {
      head: () => feed.head(),
      async *subscribe(after, signal) {
        for await (const events of feed.subscribe(after, signal)) {
          for (let n = 0; n < events.length; n += 10) {
            pieces++
            await new Promise((resolve) => setTimeout(resolve, 20))
            if (signal.aborted) return
            yield events.slice(n, n + 10)
          }
        }
      },
    }
    const rebuilder = plant.runner(ledger())
    const rebuilding = rebuilder.rebuild()
    await eventually(
      async () => pieces,
      (n) => n > 3,
    )
    expect(await other.rebuildStatus()).toMatchObject({ running: true })
    await expect(other.rebuild()).rejects.toThrow('being rebuilt already')
    await other.stopRebuild()
    expect(await rebuilding).toMatchObject({ outcome: 'stopped' })
    const next = await plant.started(ledger())
    expect(await next.rebuildStatus()).toMatchObject({ running: false })
  })

  test('survives the loss of the database', async () => {
    await using plant = await Plant.open()
    const runner = await plant.started(ledger())
    await runner.waitFor(await plant.lives(3000), 20_000)
    const before = (await runner.live()).build
    await runner.rebuildInBackground()
    await new Promise((resolve) => setTimeout(resolve, 30))
    await plant.cutConnections()
    await new Promise((resolve) => setTimeout(resolve, 100))
    await plant.cutConnections()
    await eventually(
      async () => (await find(plant.pool, ledger(), 'live'))!.build,
      (build) => build > before,
    )
    expect((await find(plant.pool, ledger(), 'live'))!.build).toBe(before + 1)
    await runner.waitFor(await plant.happens('after', received), 5000)
    await using calm = await Plant.open()
    calm.feed = plant.feed
    await (await calm.started(ledger())).waitFor(await plant.store.head(), 10_000)
    expect(await contents(plant.pool, ledger())).toEqual(await contents(calm.pool, ledger()))
  })

  test('swaps all tables at one moment, and waits for a long query instead of blocking the others', async () => {
    await using plant = await Plant.open()
    const pairs = pairsOf(1)
    const runner = await plant.started(pairs)
    await runner.waitFor(await plant.lives(50), 5000)
    await runner.stop()

    const reader = await plant.pool.connect()
    await reader.query('BEGIN')
    await reader.query('SELECT * FROM pairs.one')
    const next = await plant.started(pairsOf(2))
    let asking = true
    let slowest = 0
    const seen = new Set<string>()
    const queries = (async () => {
      for (; asking; ) {
        const began = performance.now()
        const { versions } = await plant.one<{ versions: string }>(
          `SELECT concat((SELECT min(version) FROM pairs.one), (SELECT max(version) FROM pairs.two)) AS versions`,
        )
        slowest = Math.max(slowest, performance.now() - began)
        seen.add(versions)
      }
    })()
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect((await next.live()).version).toBe(1)
    await reader.query('COMMIT')
    reader.release()
    await eventually(
      () => next.live(),
      ({ version }) => version === 2,
    )
    await eventually(
      async () => seen,
      (versions) => versions.has('22'),
      2000,
    )
    asking = false
    await queries
    expect([...seen].toSorted()).toEqual(['11', '22'])
    expect(slowest).toBeLessThan(1000)
  })
})

describe('a new version of a projection', () => {
  test('is built while the old tables answer, and goes on from there', async () => {
    await using plant = await Plant.open()
    const old = await plant.started(ledger(1))
    await old.waitFor(await plant.lives(200), 5000)
    await old.stop()
    const fresh = table<{ number: string; events: number; lastType: string }>({
      name: 'coils',
      columns: { number: 'text', events: 'integer', lastType: 'text' },
      primaryKey: ['number'],
      partnersSee: 'nothing',
    })
    const renewed: Projection = {
      name: 'ledger',
      version: 2,
      tables: [fresh],
      keys: (event) => [{ table: fresh, key: event.stream }],
      apply(event, rows) {
        const { events = 0 } = rows.get(fresh, event.stream) ?? {}
        rows.put(fresh, { number: event.stream, events: events + 1, lastType: event.type })
      },
    }
    const runner = await plant.started(renewed)
    const { version } = await eventually(
      () => runner.live(),
      (live) => live.version === 2,
    )
    expect(version).toBe(2)
    await runner.waitFor(await plant.happens('coil-1', moved('bay-7')), 5000)
    expect(await plant.one(`SELECT * FROM ledger.coils WHERE number = 'coil-1'`)).toEqual({
      number: 'coil-1',
      events: 4,
      lastType: 'CoilMoved',
    })
    await expect(plant.pool.query('SELECT * FROM ledger.bays')).rejects.toThrow('does not exist')
  })

  test('takes over from the old one that still runs elsewhere, which then rests', async () => {
    await using plant = await Plant.open()
    const old = await plant.started(ledger(1))
    await old.waitFor(await plant.lives(200), 5000)
    const renewed = await plant.started(ledger(2))
    await eventually(
      () => renewed.live(),
      (live) => live.version === 2,
    )
    expect(await renewed.waitFor(await plant.lives(20, 'later'), 5000)).toBe(true)
    await eventually(
      async () => old.state,
      (state) => state === 'outdated',
    )
    expect([old.state, renewed.state]).toEqual(['outdated', 'running'])
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect((await renewed.live()).version).toBe(2)
  })
})

/** Two tables with one row for each stream that say which version wrote them. */
function pairsOf(version: number): Projection {
  const spec = {
    columns: { stream: 'text', version: 'integer' },
    primaryKey: ['stream'],
    partnersSee: 'nothing',
  } as const
  const one = table<{ stream: string; version: number }>({ name: 'one', ...spec })
  const two = table<{ stream: string; version: number }>({ name: 'two', ...spec })
  return {
    name: 'pairs',
    version,
    tables: [one, two],
    keys: () => [],
    apply({ stream }, rows) {
      rows.put(one, { stream, version })
      rows.put(two, { stream, version })
    },
  }
}
