import { describe, expect, test } from '@jest/globals'
import type { EventFeed } from '#event-feed/event-feed'
import type { RecordedEvent } from '#event-store/event-store'
import { contents } from '#test/fixtures/ledger/contents'
import { coils, type Fact, ledger } from '#test/fixtures/ledger/ledger'
import { eventually, Plant } from '#test/fixtures/ledger/plant'
import type { Projection } from './projection.js'
import { row, table } from './projection.js'

const received = { type: 'CoilReceived', kg: 7000, location: 'bay-1', tag: 'new' } as const
const moved = (to: string): Fact => ({ type: 'CoilMoved', to })

/** The ledger as it is, but for what a switch makes it do wrong. */
function faulty(fault: { on: boolean }, apply: Projection['apply']): Projection {
  const good = ledger()
  return { ...good, apply: (event, rows) => (fault.on ? apply(event, rows) : good.apply(event, rows)) }
}

describe('an event that cannot be applied', () => {
  test('parks its stream alone, leaves nothing of itself, and a retry applies all that waited in order', async () => {
    await using plant = await Plant.open()
    const fault = { on: true }
    const projection = faulty(fault, (event, rows) => {
      ledger().apply(event, rows)
      if (event.type === 'CoilHeld') throw new Error('a hold in the wrong place')
    })
    const runner = await plant.started(projection)
    await plant.happens('coil-1', received, moved('bay-2'), { type: 'CoilHeld', tag: 'x' }, moved('bay-3'))
    await plant.happens('coil-2', received, moved('bay-9'))
    await plant.happens('coil-1', moved('bay-4'))
    await runner.waitFor(await plant.store.head(), 5000)

    const location = (coil: string) => plant.one('SELECT location, tags FROM ledger.coils WHERE number = $1', [coil])
    expect(await location('coil-1')).toEqual({ location: 'bay-2', tags: ['new'] })
    expect(await location('coil-2')).toEqual({ location: 'bay-9', tags: ['new'] })
    expect(await runner.parked()).toMatchObject([
      {
        stream: 'coil-1',
        reason: 'failed',
        revision: 2,
        eventType: 'CoilHeld',
        attempts: 1,
        error: 'a hold in the wrong place',
      },
    ])

    expect(await runner.retry('coil-1')).toMatchObject({ outcome: 'parkedAgain', parked: { attempts: 2, revision: 2 } })
    expect(await runner.retry('coil-2')).toEqual({ outcome: 'notParked' })
    fault.on = false
    expect(await runner.retry('coil-1')).toMatchObject({ outcome: 'applied', events: { length: 3 } })
    expect(await runner.parked()).toEqual([])
    expect(await location('coil-1')).toEqual({ location: 'bay-4', tags: ['new', 'x'] })

    await runner.waitFor(await plant.happens('coil-1', moved('bay-5')), 5000)
    expect(await location('coil-1')).toEqual({ location: 'bay-5', tags: ['new', 'x'] })
  })

  test('is retried safely while others of its stream arrive', async () => {
    await using plant = await Plant.open()
    const fault = { on: true }
    const projection = faulty(fault, (event, rows) => {
      if (event.stream === 'coil-1') throw new Error('not this one')
      ledger().apply(event, rows)
    })
    const runner = await plant.started(projection)
    await plant.happens('coil-1', received)
    let arriving = true
    const traffic = (async () => {
      for (let n = 0; arriving; n++) {
        await plant.happens('coil-1', moved(`bay-${n}`))
        await plant.happens(`other-${n}`, received)
        await new Promise((resolve) => setTimeout(resolve, n % 3))
      }
    })()
    await eventually(
      () => runner.parked(),
      (parked) => parked.length > 0,
    )
    fault.on = false
    const retries = await Promise.all([runner.retry('coil-1'), runner.retry('coil-1'), runner.retry('coil-1')])
    expect(retries.filter(({ outcome }) => outcome === 'applied').length).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 100))
    arriving = false
    await traffic
    await runner.waitFor(await plant.store.head(), 5000)

    await using calm = await Plant.open()
    calm.feed = plant.feed
    await (await calm.started(ledger())).waitFor(await plant.store.head(), 5000)
    expect(await contents(plant.pool, ledger())).toEqual(await contents(calm.pool, ledger()))
  })

  test('because PostgreSQL refuses its row parks its stream too, and no other of its batch', async () => {
    await using plant = await Plant.open()
    const fault = { on: true }
    // An index entry of this length is refused only when the row is written, with all others of the batch.
    const long = Array.from({ length: 4000 }, (_, n) => String.fromCodePoint(0x4e00 + ((n * 7919) % 20_000))).join('')
    const projection = faulty(fault, (event, rows) => {
      ledger().apply(event, rows)
      if (event.stream === 'coil-13' && event.type === 'CoilMoved') rows.change(coils, event.stream, { location: long })
    })
    await plant.lives(40)
    const runner = await plant.started(projection)
    await runner.waitFor(await plant.store.head(), 10_000)
    expect(await runner.parked()).toMatchObject([{ stream: 'coil-13', reason: 'failed', revision: 1 }])
    expect((await runner.parked())[0]!.error).toMatch(/index row/)
    expect(await runner.retry('coil-13')).toMatchObject({ outcome: 'parkedAgain', parked: { attempts: 2 } })
    expect(await plant.one('SELECT count(*)::int AS n FROM ledger.coils WHERE "onHold"')).toEqual({ n: 35 })
    fault.on = false
    expect(await runner.retry('coil-13')).toMatchObject({ outcome: 'applied', events: { length: 2 } })
    expect(await plant.one('SELECT count(*)::int AS n FROM ledger.coils WHERE "onHold"')).toEqual({ n: 36 })
  })

  test('because the projection reads what it did not name is parked, however the events were batched', async () => {
    await using plant = await Plant.open()
    const good = ledger()
    const projection: Projection = { ...good, keys: (event) => (event.type === 'CoilMoved' ? [] : good.keys(event)) }
    const runner = await plant.started(projection)
    await runner.waitFor(await plant.happens('coil-1', received, moved('bay-2')), 5000)
    expect(await runner.parked()).toMatchObject([{ revision: 1, error: expect.stringContaining('keys') }])
  })

  test.each([
    ['an integer', { kg: 1.5 }, 'ledger2.kg takes integer, not 1.5'],
    ['an integer in range', { kg: 3_000_000_000 }, 'ledger2.kg takes integer'],
    ['not null', { kg: null }, 'ledger2.kg takes integer, not null'],
    ['a date', { day: 'today' }, 'ledger2.day takes date, not "today"'],
    ['storable text', { id: 'a\u0000b' }, 'ledger2.id takes text'],
  ])('says which column wants %s', async (_, wrong, words) => {
    await using plant = await Plant.open()
    const things = table<{ id: string; kg: number; day: string }>({
      name: 'ledger2',
      columns: { id: 'text', kg: 'integer', day: 'date' },
      primaryKey: ['id'],
      partnersSee: 'nothing',
    })
    const runner = await plant.started({
      name: 'things',
      version: 1,
      tables: [things],
      keys: () => [row(things, 'a')],
      apply: (_event, rows) => rows.put(things, { id: 'a', kg: 1, day: '2026-07-01', ...wrong } as never),
    })
    await runner.waitFor(await plant.happens('coil-1', received), 5000)
    expect((await runner.parked())[0]?.error).toContain(words)
  })
})

describe('an event that never came', () => {
  /** Loses the chosen events, as a broken broker might. */
  function losing(plant: Plant, lost: (event: RecordedEvent) => boolean): EventFeed {
    const { feed } = plant
    return {
      head: () => feed.head(),
      async *subscribe(after, signal) {
        for await (const events of feed.subscribe(after, signal)) {
          const kept = events.filter((event) => !lost(event))
          if (kept.length > 0) yield kept
        }
      },
    }
  }

  test('is fetched from the store at once, before what follows it is applied', async () => {
    await using plant = await Plant.open()
    plant.feed = losing(plant, (event) => event.stream === 'coil-1' && event.revision === 1)
    const runner = await plant.started(ledger())
    await plant.happens('coil-1', received, moved('bay-2'), moved('bay-3'))
    await plant.happens('coil-2', received)
    await runner.waitFor(await plant.store.head(), 5000)
    await eventually(
      () => runner.parked(),
      (parked) => parked.length === 0,
    )
    expect(await plant.one('SELECT location, moves FROM ledger.coils WHERE number = $1', ['coil-1'])).toEqual({
      location: 'bay-3',
      moves: 2,
    })
  })

  test.each([
    ['it', (revision: number) => revision !== 1],
    ['nor what follows', (revision: number) => revision < 1],
  ])('and the store has not %s either stays an alarm, and nothing after it is applied', async (_, has) => {
    await using plant = await Plant.open()
    plant.feed = losing(plant, (event) => event.stream === 'coil-1' && event.revision === 1)
    const { store } = plant
    const whole = store.read.bind(store)
    let lost = true
    store.read = async function* (stream, from) {
      for await (const event of whole(stream, from)) if (!lost || has(event.revision)) yield event
    }
    const runner = await plant.started(ledger())
    await plant.happens('coil-1', received, moved('bay-2'), moved('bay-3'))
    await runner.waitFor(await plant.happens('coil-2', received), 5000)
    await eventually(
      () => runner.parked(),
      ([parked]) => parked?.attempts === 2,
    )
    expect(await runner.parked()).toMatchObject([{ stream: 'coil-1', reason: 'gap', revision: 2, attempts: 2 }])
    expect(await plant.one('SELECT moves FROM ledger.coils WHERE number = $1', ['coil-1'])).toEqual({ moves: 0 })
    lost = false
    expect(await runner.retry('coil-1')).toMatchObject({ outcome: 'applied', events: { length: 2 } })
  })
})
