import { MoveCoil, MoveCoilHandler } from '#apps/operations/src/coil/move-coil.command'
import { WeighCoil, WeighCoilHandler } from '#apps/operations/src/coil/weigh-coil.command'
import type { PlantFact } from '#domain/events'
import { locations } from '#domain/plant/state'
import { Refused } from '#domain/refusal'
import { streamOf } from '#domain/streams'
import { ConflictError, type EventStore } from '#event-store/event-store'
import { MemoryEventStore } from '#event-store/memory/memory-event-store'
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store'
import { FixedClock } from '#platform/clock'
import { Problem } from '#platform/problems/problem'
import { coilReceived, coilStored, locationDefined } from '#test/support/facts'
import { testDatabase } from '#test/support/postgres'
import { CommandPipeline } from './command-pipeline.js'
import { type CommandRequest, PlantCommand, type Told } from './plant-command.js'

const NOW = new Date('2026-11-10T12:00:00Z')

const stores: [string, () => Promise<{ store: EventStore; close(): Promise<void> }>][] = [
  ['in memory', async () => ({ store: new MemoryEventStore(), close: async () => {} })],
  [
    'in PostgreSQL',
    async () => {
      const database = await testDatabase()
      const store = new PostgresEventStore(database.pool)
      await store.migrate()
      return { store, close: () => database.drop() }
    },
  ],
]

describe.each(stores)('A command on a store %s', (_where, open) => {
  let store: EventStore
  let close: () => Promise<void>
  let keys = 0
  beforeEach(async () => {
    const opened = await open()
    store = opened.store
    close = opened.close
  })
  afterEach(() => close())

  const plant = () => {
    const pipeline = new CommandPipeline(store, new FixedClock(NOW))
    const moves = new MoveCoilHandler(pipeline)
    const weighs = new WeighCoilHandler(pipeline)
    return {
      pipeline,
      move: (coil: string, to: string, asked: Partial<CommandRequest> & Told = {}) => {
        const { occurredAt, ...request } = asked
        return moves.execute(new MoveCoil(requestOf(request), { coil, to, occurredAt }))
      },
      weigh: (coil: string, netWeightKg: number, request: Partial<CommandRequest> = {}) =>
        weighs.execute(new WeighCoil(requestOf(request), { coil, netWeightKg, scale: 'BAY', confirmed: true })),
    }
  }
  const requestOf = (request: Partial<CommandRequest>): CommandRequest => ({
    commandId: `command-${++keys}`,
    actor: { kind: 'key', id: 't', name: 'Ana Popescu', role: 'operator', source: 'scanner' },
    correlationId: 'correlation-1',
    ...request,
  })
  const record = async (...facts: PlantFact[]) => {
    const writes = [...Map.groupBy(facts, streamOf)].map(([stream, events]) => ({
      stream,
      expected: 'any' as const,
      events,
    }))
    await store.append(writes)
  }
  const typesOf = async (stream: string) =>
    ((await store.readMany([{ stream }])).get(stream) ?? []).map((event) => event.type)
  const coilIn = (coil: string, location: string) => [coilReceived({ coil, location }), coilStored(coil, location)]
  /** B1 without a limit and the coil AZ-1 in it; B2 with one. */
  const twoBays = (capacityCoils: number | null = 5) =>
    record(
      locationDefined({ location: 'B1' }),
      locationDefined({ location: 'B2', capacityCoils }),
      ...coilIn('AZ-1', 'B1'),
    )

  it('is recorded with who did it, as what, by what and when', async () => {
    await twoBays()
    const outcome = await plant().move('AZ-1', 'B2', { occurredAt: '2026-11-10T11:00:00Z' })
    expect(outcome).toMatchObject({ subject: 'coil-AZ-1', revision: 1, replayed: false })
    expect(outcome.events.map((event) => event.type)).toEqual(['CoilMoved', 'CoilTaken', 'CoilStored'])
    const [, moved] = (await store.readMany([{ stream: 'coil-AZ-1' }])).get('coil-AZ-1')!
    expect(moved!.metadata).toMatchObject({
      commandId: outcome.commandId,
      actor: 'Ana Popescu',
      role: 'operator',
      source: 'scanner',
      occurredAt: '2026-11-10T11:00:00.000Z',
      correlationId: 'correlation-1',
      schemaVersion: '1',
    })
    expect(outcome.token).toBe((await store.head()).toString())
  })

  it('rule 9: is welcome late, and refused if it is said to happen in the future', async () => {
    await twoBays()
    await expect(plant().move('AZ-1', 'B2', { occurredAt: '2026-11-10T12:01:01Z' })).rejects.toMatchObject({
      faults: [{ rule: 'occurred-in-the-future', field: '/occurredAt' }],
    })
    // The clock of a tablet runs fast: what it tells happened now, and never after it was recorded.
    const { events } = await plant().move('AZ-1', 'B2', { occurredAt: '2026-11-10T12:00:59Z' })
    expect(events.map((event) => event.occurredAt)).toEqual(Array(3).fill(NOW.toISOString()))
    await plant().move('AZ-1', 'B1', { occurredAt: '2026-01-01T00:00:00Z' })
    expect(await typesOf('coil-AZ-1')).toEqual(['CoilReceived', 'CoilMoved', 'CoilMoved'])
  })

  it('sent again with its key gives the first outcome, however things moved on, and after a restart', async () => {
    await twoBays()
    const first = await plant().move('AZ-1', 'B2', { commandId: 'from-a-scanner' })
    await plant().move('AZ-1', 'B1')
    await plant().weigh('AZ-1', 6800)
    const again = await plant().move('AZ-1', 'B2', { commandId: 'from-a-scanner' })
    expect(again).toEqual({ ...first, replayed: true })
    expect(await typesOf('coil-AZ-1')).toEqual(['CoilReceived', 'CoilMoved', 'CoilMoved', 'CoilWeighed'])
  })

  it('sent again gives its own first outcome only, where its key was used for another coil as well', async () => {
    await twoBays()
    await record(...coilIn('AZ-2', 'B1'))
    const { move } = plant()
    const first = await move('AZ-1', 'B2', { commandId: 'used-for-both' })
    const second = await move('AZ-2', 'B2', { commandId: 'used-for-both' })
    expect(await move('AZ-1', 'B2', { commandId: 'used-for-both' })).toEqual({ ...first, replayed: true })
    expect(await move('AZ-2', 'B2', { commandId: 'used-for-both' })).toEqual({ ...second, replayed: true })
  })

  it('sent again with its key gives the first outcome even where If-Match no longer holds', async () => {
    await twoBays()
    const { move } = plant()
    const first = await move('AZ-1', 'B2', { commandId: 'from-a-tablet', ifMatch: 0 })
    expect(await move('AZ-1', 'B2', { commandId: 'from-a-tablet', ifMatch: 0 })).toEqual({ ...first, replayed: true })
  })

  it('with the key of another is refused: another place, another command', async () => {
    await twoBays()
    const { move, weigh } = plant()
    await move('AZ-1', 'B2', { commandId: 'used-before' })
    const reused = { faults: [{ rule: 'idempotency-key-reused' }] }
    await expect(move('AZ-1', 'B1', { commandId: 'used-before' })).rejects.toMatchObject(reused)
    await expect(weigh('AZ-1', 6000, { commandId: 'used-before' })).rejects.toMatchObject(reused)
  })

  it('sent twenty times at once is done once, and every sender has the same answer', async () => {
    await twoBays()
    const { move } = plant()
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => move('AZ-1', 'B2', { commandId: 'double-click' })),
    )
    expect(outcomes.filter((outcome) => !outcome.replayed)).toHaveLength(1)
    expect(new Set(outcomes.map((outcome) => JSON.stringify({ ...outcome, replayed: false }))).size).toBe(1)
    expect(await typesOf('coil-AZ-1')).toEqual(['CoilReceived', 'CoilMoved'])
    expect(await typesOf('location-B2')).toEqual(['LocationDefined', 'CoilStored'])
  })

  it('about a place without a limit is done once, too, when it is sent twice at once', async () => {
    await twoBays()
    class Rename extends PlantCommand<Told> {}
    const { pipeline } = plant()
    const renamed = locationDefined({ location: 'B1', name: 'North bay' }).data
    const command = new Rename(requestOf({}), {})
    const outcomes = await Promise.all(
      [command, command, command].map((sent) =>
        pipeline.run(sent, locations, 'B1', async () => [{ type: 'LocationChanged', data: renamed }]),
      ),
    )
    expect(outcomes.filter((outcome) => !outcome.replayed)).toHaveLength(1)
    expect((await typesOf('location-B1')).filter((type) => type === 'LocationChanged')).toHaveLength(1)
  })

  it('on a revision that is gone is refused with 412, and records nothing', async () => {
    await twoBays()
    const { move, weigh } = plant()
    const { revision } = await weigh('AZ-1', 6800)
    const gone = await move('AZ-1', 'B2', { ifMatch: 0 }).catch((error: unknown) => error)
    expect(gone).toBeInstanceOf(Problem)
    expect(gone).toMatchObject({ status: 412, extras: { values: { ifMatch: 0, revision } } })
    expect(await typesOf('coil-AZ-1')).toEqual(['CoilReceived', 'CoilWeighed'])
    await move('AZ-1', 'B2', { ifMatch: revision! })
  })

  it('that loses a race is decided again on what the other did, not on what it read', async () => {
    await twoBays()
    const { weigh } = plant()
    const weights = [6800, 6810, 6820, 6830, 6840]
    const outcomes = await Promise.all(weights.map((kg) => weigh('AZ-1', kg)))
    const adjusted = outcomes
      .flatMap((outcome) => outcome.events)
      .sort((a, b) => a.revision - b.revision)
      .map((event) => event.data as { previousNetWeightKg: number; netWeightKg: number })
    expect(adjusted).toHaveLength(5)
    expect(adjusted[0]!.previousNetWeightKg).toBe(6853)
    adjusted.slice(1).forEach((data, i) => {
      expect(data.previousNetWeightKg).toBe(adjusted[i]!.netWeightKg)
    })
  })

  it('that loses again and again gives up with a conflict, and records nothing', async () => {
    await twoBays()
    const { pipeline, weigh } = plant()
    class Stubborn extends PlantCommand<Told> {}
    let tries = 0
    const lost = pipeline.run(new Stubborn(requestOf({}), {}), locations, 'B2', async () => {
      tries++
      // Somebody is always quicker.
      await record(coilStored(`AZ-9${tries}`, 'B2'))
      return [coilStored('AZ-8', 'B2')]
    })
    await expect(lost).rejects.toBeInstanceOf(ConflictError)
    expect(tries).toBeGreaterThan(3)
    expect(await typesOf('location-B2')).toHaveLength(1 + tries)
    await weigh('AZ-1', 6800)
  })

  it('of a hundred after the last place in a bay, exactly one gets it', async () => {
    const all = Array.from({ length: 100 }, (_, i) => `AZ-${i}`)
    await record(locationDefined({ location: 'B2', capacityCoils: 5 }), locationDefined({ location: 'B1' }))
    await record(...['X1', 'X2', 'X3', 'X4'].flatMap((coil) => coilIn(coil, 'B2')))
    await record(...all.flatMap((coil) => coilIn(coil, 'B1')))
    const { move } = plant()
    const ends = await Promise.allSettled(all.map((coil) => move(coil, 'B2')))
    expect(ends.filter((end) => end.status === 'fulfilled')).toHaveLength(1)
    const refusals = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as Refused] : []))
    expect(refusals.every((reason) => reason instanceof Refused)).toBe(true)
    expect(new Set(refusals.flatMap((refusal) => refusal.faults.map((fault) => fault.rule)))).toEqual(
      new Set(['location-full']),
    )
    expect((await typesOf('location-B2')).filter((type) => type === 'CoilStored')).toHaveLength(5)
  })

  it.each([
    ['a large bay with a limit', 1000],
    ['a yard without one', null],
  ])('of a hundred at once into %s, every one gets its place', async (_what, capacityCoils) => {
    const all = Array.from({ length: 100 }, (_, i) => `AZ-${i}`)
    await record(
      locationDefined({ location: 'B2', capacityCoils }),
      locationDefined({ location: 'B1', capacityCoils: 100 }),
    )
    await record(...all.flatMap((coil) => coilIn(coil, 'B1')))
    const { move } = plant()
    const outcomes = await Promise.all(all.map((coil) => move(coil, 'B2')))
    expect(outcomes.every((outcome) => !outcome.replayed)).toBe(true)
    expect((await typesOf('location-B2')).filter((type) => type === 'CoilStored')).toHaveLength(100)
    expect((await typesOf('location-B1')).filter((type) => type === 'CoilTaken')).toHaveLength(100)
  })

  it('waits for its turn among a hundred that swap coils between two bays again and again', async () => {
    const all = Array.from({ length: 100 }, (_, i) => `AZ-${i}`)
    await record(
      locationDefined({ location: 'B1', capacityCoils: 120 }),
      locationDefined({ location: 'B2', capacityCoils: 120 }),
      ...all.flatMap((coil) => coilIn(coil, 'B1')),
    )
    const { move } = plant()
    await Promise.all(
      all.map(async (coil) => {
        for (const to of ['B2', 'B1', 'B2', 'B1', 'B2']) await move(coil, to)
      }),
    )
    expect((await typesOf('location-B2')).filter((type) => type === 'CoilStored')).toHaveLength(300)
  })

  it('on two crowded bays at once never waits for one that waits for it', async () => {
    const all = Array.from({ length: 60 }, (_, i) => `AZ-${i}`)
    await record(...['B1', 'B2', 'B3'].map((location) => locationDefined({ location, capacityCoils: 500 })))
    const { pipeline } = plant()
    class Store extends PlantCommand<Told & { coil: string }> {}
    await Promise.all(
      all.map((coil, i) => {
        const [one, other] = i % 2 ? ['B1', 'B2'] : ['B2', 'B1']
        return pipeline.run(new Store(requestOf({}), { coil }), locations, 'B3', async (history) => {
          await history.find(locations, [one!, other!])
          return [coilStored(coil, 'B3'), coilStored(coil, one), coilStored(coil, other)]
        })
      }),
    )
    for (const bay of ['B1', 'B2', 'B3']) expect(await typesOf(`location-${bay}`)).toHaveLength(61)
  })
})
