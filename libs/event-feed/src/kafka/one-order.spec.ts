import fc from 'fast-check'
import { type FoundEvent, OneOrder } from './one-order.js'

const BYTES = 700

/** Events at growing positions that are not dense, each in the partition that its stream belongs to. */
const history = fc
  .array(fc.record({ step: fc.integer({ min: 1, max: 900 }), partition: fc.nat(4) }), { minLength: 1, maxLength: 80 })
  .map((steps) => {
    let position = 0n
    return steps.map(({ step, partition }, n): FoundEvent => {
      const previous = position
      position += BigInt(step)
      return {
        ...{ id: String(n), stream: `coil-${partition}`, revision: n, type: 'CoilMoved', data: {}, metadata: {} },
        ...{ position, previous, recordedAt: new Date(0), found: { partition, offset: BigInt(n) }, bytes: BYTES },
      }
    })
  })

/** As partitions bring them: each in its own order, some again later, in any mixture. */
const brought = history.chain((events) =>
  fc
    .record({
      turns: fc.array(fc.nat(4), { minLength: events.length * 6, maxLength: events.length * 6 }),
      repeats: fc.array(fc.nat(events.length - 1), { maxLength: 20 }),
    })
    .map(({ turns, repeats }) => {
      const partitions = Array.from({ length: 5 }, (_, p) => events.filter(({ found }) => found.partition === p))
      for (const n of repeats) partitions[events[n]!.found.partition]!.push(events[n]!)
      const mixture: FoundEvent[] = []
      for (const p of [...turns, ...partitions.flatMap((list, p) => list.map(() => p))]) {
        const next = partitions[p]!.shift()
        if (next) mixture.push(next)
      }
      return { events, mixture }
    }),
)

describe('Events from several partitions', () => {
  it('come in the one order of the store, each once, however the partitions take turns', () => {
    fc.assert(
      fc.property(brought, ({ events, mixture }) => {
        const order = new OneOrder(0n)
        const delivered: FoundEvent[] = []
        for (const event of mixture) {
          order.take(event)
          delivered.push(...order.next(10))
        }
        while (order.size > 0) delivered.push(...order.next(10))
        expect(delivered).toEqual(events)
        for (let p = 0; p < 5; p++) expect(order.held(p)).toEqual({ events: 0, bytes: 0 })
      }),
    )
  })

  it('wait at a gap, and go on when it was passed by other means', () => {
    fc.assert(
      fc.property(brought, fc.nat(), fc.nat(), ({ events, mixture }, at, length) => {
        const first = at % events.length
        const missing = new Set(events.slice(first, first + 1 + (length % 5)))
        const order = new OneOrder(0n)
        for (const event of mixture) if (!missing.has(event)) order.take(event)
        const before = order.next(1_000)
        expect(before).toEqual(events.slice(0, first))
        expect(order.next(1_000)).toEqual([])
        const rest = events.slice(first + missing.size)
        expect(order.gapEnd()).toBe(rest[0]?.previous)
        order.passTo([...missing].at(-1)!.position)
        expect(order.next(1_000)).toEqual(rest)
        expect(order.size).toBe(0)
      }),
    )
  })

  it('go on behind a position that lies between two events', () => {
    fc.assert(
      fc.property(brought, fc.nat(), ({ events, mixture }, at) => {
        const event = events[at % events.length]!
        const order = new OneOrder(event.position - 1n)
        for (const one of mixture) order.take(one)
        expect(order.next(1_000)).toEqual(events.slice(at % events.length))
      }),
    )
  })
})
