import type { z } from 'zod'
import { allEvents } from '#domain/events'
import { bigFamily } from './big-family.js'
import { arrivalsInYard, receiptOf } from './coils-in-yard.js'
import type { Happening } from './lying-coil.js'
import { plantHistory } from './plant-history.js'
import { writesOf } from './record.js'

const schemaOf = (type: keyof typeof allEvents): z.ZodType => allEvents[type].schema

function* all(): Generator<Happening> {
  yield* plantHistory(600)
  yield* bigFamily(3)
  yield* arrivalsInYard(3)
}

describe('the history that benchmarks run on', () => {
  it('is made of facts that the product could have recorded', () => {
    const seen = new Set<string>()
    for (const { facts } of all()) {
      for (const { type, data } of facts) {
        expect(schemaOf(type).parse(data)).toEqual(data)
        seen.add(type)
      }
    }
    expect(seen).toContain('CoilDelivered')
    expect(seen.size).toBeGreaterThan(25)
  })

  it('is the same for the same seed, but for the time', () => {
    const types = (seed: number) => [...plantHistory(400, seed)].map(({ facts }) => facts.map(({ type }) => type))
    expect(types(3)).toEqual(types(3))
    expect(types(3)).not.toEqual(types(4))
  })

  it('uses each coil number once, and has as many coils as asked for', () => {
    const coils: string[] = []
    for (const { facts } of plantHistory(1_000)) {
      for (const { type, data } of facts) if (type === 'CoilReceived' || type === 'CoilProduced') coils.push(data.coil)
    }
    expect(new Set(coils).size).toBe(coils.length)
    expect(coils.length).toBeGreaterThanOrEqual(1_000)
    expect(coils.length).toBeLessThan(1_600)
  })

  it('is written to each stream once for everything that happened together', () => {
    for (const happening of all()) {
      const streams = writesOf(happening).map(({ stream }) => stream)
      expect(new Set(streams).size).toBe(streams.length)
    }
  })

  it('receives one more coil by a command as it received those in the yard', () => {
    expect(receiptOf('NEW-1')).toMatchObject({ location: 'YARD', coils: [{ coil: 'NEW-1', supplier: 'AZAL' }] })
  })
})
