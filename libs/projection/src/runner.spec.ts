import { describe, expect, test } from '@jest/globals'
import { type RecordedEvent, START } from '#event-store/event-store'
import { contents } from '#test/fixtures/ledger/contents'
import { ledger } from '#test/fixtures/ledger/ledger'
import { eventually, Plant } from '#test/fixtures/ledger/plant'
import { find, onOneConnection, prepare } from './builds.js'
import { LIVE } from './follow.js'
import type { Projection } from './projection.js'
import { ProjectionRunner } from './runner.js'
import { assertSound } from './tables.js'
import { BuildWriter, OvertakenError } from './writer.js'

const received = { type: 'CoilReceived', kg: 7000, location: 'bay-1', tag: 'new' } as const

describe('a running projection', () => {
  test('shows what happened, under the plain names of its tables', async () => {
    await using plant = await Plant.open()
    const runner = await plant.started(ledger())
    const position = await plant.happens(
      'coil-1',
      received,
      { type: 'CoilMoved', to: 'bay-2' },
      { type: 'CoilHeld', tag: 'x' },
    )
    await plant.happens('coil-2', received, { type: 'CoilScrapped' })
    expect(await runner.waitFor(await plant.store.head(), 5000)).toBe(true)
    expect(position).toBeLessThan(await plant.store.head())
    expect((await plant.pool.query('SELECT * FROM ledger.coils')).rows).toEqual([
      {
        number: 'coil-1',
        location: 'bay-2',
        netWeightKg: '7000',
        gaugeMm: '7',
        moves: 1,
        receivedAt: new Date('2026-07-01T00:00:07.000Z'),
        tags: ['new', 'x'],
        last: null,
        onHold: true,
        day: expect.any(Date),
      },
    ])
    expect(
      (
        await plant.pool.query(
          `SELECT location, sum(coils)::int n, sum(kg)::int kg FROM ledger.bays WHERE location <> 'held' GROUP BY 1 ORDER BY 1`,
        )
      ).rows,
    ).toEqual([
      { location: 'bay-1', n: 2, kg: 14_000 },
      { location: 'bay-2', n: 1, kg: 7000 },
      { location: 'scrap', n: 1, kg: 7000 },
    ])
  })

  test('shows a single event within 50 ms', async () => {
    await using plant = await Plant.open()
    const runner = await plant.started(ledger())
    await runner.waitFor(await plant.happens('coil-0', received), 5000)
    const times: number[] = []
    for (let n = 1; n <= 50; n++) {
      const before = performance.now()
      await runner.waitFor(await plant.happens(`coil-${n}`, received), 5000)
      times.push(performance.now() - before)
    }
    expect(times.toSorted((a, b) => a - b)[25]).toBeLessThan(50)
  })

  test('goes on where it was after a restart', async () => {
    await using plant = await Plant.open()
    const first = await plant.started(ledger())
    await first.waitFor(await plant.lives(30), 5000)
    await first.stop()
    const position = await plant.lives(30, 'later')
    const second = await plant.started(ledger())
    expect(await second.waitFor(position, 5000)).toBe(true)
    expect(await plant.one('SELECT count(*)::int AS n FROM ledger.coils')).toEqual({ n: 54 })
  })

  test('tells listeners each applied event once, in order', async () => {
    await using plant = await Plant.open()
    const runner = plant.runner(ledger())
    const heard: bigint[] = []
    runner.onApplied(({ events }) => heard.push(...events.map((event) => event.position)))
    await runner.start()
    await runner.waitFor(await plant.lives(50), 5000)
    expect(heard).toEqual(heard.toSorted((a, b) => Number(a - b)))
    expect(new Set(heard).size).toBe(Number(await plant.store.head()))
  })

  test('hands over changes from any position, not before they can be queried', async () => {
    await using plant = await Plant.open()
    const runner = await plant.started(ledger())
    await plant.lives(20)
    const stop = new AbortController()
    const seen: bigint[] = []
    for await (const events of runner.changes(10n, stop.signal)) {
      const { position } = (await find(plant.pool, ledger(), 'live'))!
      expect(position).toBeGreaterThanOrEqual(events.at(-1)!.position)
      seen.push(...events.map((event) => event.position))
      if (seen.length < 20) continue
      if (seen.at(-1) === (await plant.store.head())) break
    }
    stop.abort()
    expect(seen[0]).toBe(11n)
    expect(seen.length).toBe(Number(await plant.store.head()) - 10)
  })

  test('knows how far behind it is', async () => {
    await using plant = await Plant.open()
    const runner = await plant.started(ledger())
    await runner.waitFor(await plant.lives(10), 5000)
    expect(await runner.lag(new Date())).toMatchObject({ eventsBehind: 0, secondsBehind: 0 })
    await runner.stop()
    await plant.happens('coil-x', received, { type: 'CoilMoved', to: 'bay-2' })
    const lag = await runner.lag(new Date(Date.now() + 30_000))
    expect(lag.eventsBehind).toBe(2)
    expect(Math.round(lag.secondsBehind)).toBe(30)
  })

  test('lets a waiting query give up in time', async () => {
    await using plant = await Plant.open()
    const runner = await plant.started(ledger())
    const before = performance.now()
    expect(await runner.waitFor(1_000_000n, 100)).toBe(false)
    expect(performance.now() - before).toBeLessThan(1000)
  })
})

describe('two processes with the same projection', () => {
  test('apply every event once; the second stands by, knows positions all the same, and takes over', async () => {
    await using plant = await Plant.open()
    const first = await plant.started(ledger())
    await eventually(
      async () => first.state,
      (state) => state === 'running',
    )
    const second = await plant.started(ledger())
    expect(await second.waitFor(await plant.lives(40), 5000)).toBe(true)
    expect([first.state, second.state]).toEqual(['running', 'standby'])
    await first.stop()
    expect(await second.waitFor(await plant.lives(40, 'later'), 5000)).toBe(true)
    expect(second.state).toBe('running')
    expect(await plant.one('SELECT sum(coils)::int AS n FROM ledger.bays WHERE location <> $1', ['held'])).toEqual({
      n: 2 * (40 + 40 + 4),
    })
  })

  test('cannot both write when each believes to be alone', async () => {
    await using plant = await Plant.open()
    const projection = ledger()
    await plant.lives(5)
    const events: RecordedEvent[] = []
    for await (const batch of plant.store.subscribe(START, AbortSignal.timeout(1000))) {
      events.push(...batch)
      break
    }
    await onOneConnection(plant.pool, (one) => prepare(one, projection))
    const build = (await find(plant.pool, projection, 'live'))!
    await onOneConnection(plant.pool, (one) =>
      onOneConnection(plant.pool, async (other) => {
        const writers = [
          await BuildWriter.open(one, projection, build, LIVE),
          await BuildWriter.open(other, projection, build, LIVE),
        ]
        for (const writer of writers) await writer.take(events)
        const outcomes = await Promise.allSettled(writers.map((writer) => writer.commit()))
        expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
        expect(outcomes.find((outcome) => outcome.status === 'rejected')?.reason).toBeInstanceOf(OvertakenError)
      }),
    )
    expect(await plant.one('SELECT sum(coils)::int AS n FROM ledger.bays WHERE location <> $1', ['held'])).toEqual({
      n: 11,
    })
  })
})

describe('a lost database', () => {
  test('holds a projection up, and nothing is lost or doubled', async () => {
    await using plant = await Plant.open()
    const runner = await plant.started(ledger())
    let cutting = true
    const cuts = (async () => {
      for (let n = 0; cutting; n++) {
        await new Promise((resolve) => setTimeout(resolve, 30 + (n % 7) * 20))
        await plant.cutConnections().catch(() => {})
      }
      return 'done'
    })()
    for (let n = 0; n < 15; n++) {
      await plant.lives(20, `wave-${n}`)
      await new Promise((resolve) => setTimeout(resolve, 60))
    }
    cutting = false
    await cuts
    expect(await runner.waitFor(await plant.store.head(), 20_000)).toBe(true)
    const other = await Plant.open()
    await using _ = other
    other.feed = plant.feed
    const calm = await other.started(ledger())
    await calm.waitFor(await plant.store.head(), 20_000)
    expect(await contents(plant.pool, ledger())).toEqual(await contents(other.pool, ledger()))
  })

  test('at the start is waited for', async () => {
    await using plant = await Plant.open()
    let open = false
    const pool = new Proxy(plant.pool, {
      get(target, name, receiver) {
        if (!open && (name === 'connect' || name === 'query')) {
          return () => Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))
        }
        const value = Reflect.get(target, name, receiver)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const runner = new ProjectionRunner(ledger(), { pool, feed: plant.feed, live: plant.feed, reader: plant.store })
    await runner.start()
    const position = await plant.happens('coil-1', received)
    expect(await runner.waitFor(position, 300)).toBe(false)
    expect(runner.state).toBe('disconnected')
    open = true
    expect(await runner.waitFor(position, 10_000)).toBe(true)
    await runner.stop()
  })
})

describe('a projection that cannot be run', () => {
  const broken: [string, Partial<Projection>, RegExp][] = [
    ['a name that is no schema', { name: 'Ledger!' }, /lower-case/],
    ['a version below 1', { version: 0 }, /version/],
    [
      'a table of the runner',
      { tables: [{ name: 'builds', columns: { a: 'text' }, primaryKey: ['a'], partnersSee: 'nothing' }] },
      /taken/,
    ],
    [
      'no key',
      { tables: [{ name: 'a', columns: { a: 'text' }, primaryKey: [], partnersSee: 'nothing' }] },
      /no primary key/,
    ],
    [
      'a key that may be null',
      { tables: [{ name: 'a', columns: { a: 'text null' }, primaryKey: ['a'], partnersSee: 'nothing' }] },
      /a\.a is text null/,
    ],
  ]
  test.each(broken)('because of %s is refused at once', (_, fault, words) => {
    expect(() => assertSound({ ...ledger(), ...fault })).toThrow(words)
  })
})
