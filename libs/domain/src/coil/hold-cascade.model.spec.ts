import fc from 'fast-check'
import { holdCoil, holdOf } from '#domain/coil/decide/hold-coil'
import { releaseCoil } from '#domain/coil/decide/release-coil'
import { scrapCoil } from '#domain/coil/decide/scrap-coil'
import { descendantsOf } from '#domain/coil/family'
import { type Coil, coils, isOnHand } from '#domain/coil/state'
import type { PlantFact } from '#domain/events'
import { Refused } from '#domain/refusal'
import { streamOf } from '#domain/streams'
import { coilConsumed, coilProduced, coilReceived } from '#test/support/facts'
import { AGREED, NOON } from '#test/support/given'

/** One thing that people do to the plant's coils; numbers choose among what is there. */
type Deed =
  | { do: 'process'; mothers: number[]; children: number }
  | { do: 'hold' | 'scrap'; coil: number }
  | { do: 'release'; coil: number; hold: number }

const any = fc.nat({ max: 1000 })
const deeds = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('process' as const),
        mothers: fc.array(any, { minLength: 1, maxLength: 3 }),
        children: fc.integer({ min: 1, max: 4 }),
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('hold' as const), coil: any }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('scrap' as const), coil: any }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('release' as const), coil: any, hold: any }) },
  ),
  { minLength: 5, maxLength: 40 },
)

/** The plant by its facts, and beside it a plain account of who came from whom and which holds should be on whom. */
class TwoBooks {
  readonly #coils = new Map<string, Coil>()
  readonly ancestors = new Map<string, Set<string>>()
  readonly holds = new Map<string, Set<string>>()
  readonly holdsMade: string[] = []
  #commands = 0

  constructor(starters: readonly string[]) {
    for (const coil of starters) this.#born(coil, [], coilReceived({ coil }))
  }

  get all(): string[] {
    return [...this.#coils.keys()]
  }

  coil(number: string): Coil {
    return this.#coils.get(number)!
  }

  record(facts: readonly PlantFact[]): void {
    for (const fact of facts) {
      const number = (fact.data as { coil?: string }).coil
      if (number === undefined || streamOf(fact) !== coils.stream(number)) continue
      this.#coils.set(number, coils.evolve(this.#coils.get(number), fact)!)
    }
  }

  async do(deed: Deed): Promise<void> {
    const commandId = `c${++this.#commands}`
    const given = { ...NOON, commandId }
    if (deed.do === 'process') return this.#process(deed)
    const coil = this.coil(pick(this.all, deed.coil))
    const family = await descendantsOf(coil, async (numbers) => numbers.map((number) => this.coil(number)))
    const below = this.all.filter((number) => number === coil.coil || this.ancestors.get(number)!.has(coil.coil))
    expect(new Set(family.map((one) => one.coil))).toEqual(new Set(below.filter((number) => number !== coil.coil)))
    expect(family).toHaveLength(below.length - 1)
    switch (deed.do) {
      case 'hold': {
        const facts = attempt(() => holdCoil(coil, family, 'surface', given))
        const allowed = below.some((number) => isOnHand(this.coil(number)))
        expect(facts !== undefined).toBe(allowed)
        if (!facts) return
        this.holdsMade.push(holdOf(commandId))
        for (const number of below) {
          if (number === coil.coil || isOnHand(this.coil(number))) this.holds.get(number)!.add(holdOf(commandId))
        }
        return this.#recordOnePerCoil(facts)
      }
      case 'release': {
        const hold = pick(this.holdsMade.length ? this.holdsMade : ['hold-none'], deed.hold)
        const facts = attempt(() => releaseCoil(coil, family, { hold, reason: 'fine' }, AGREED))
        expect(facts !== undefined).toBe(this.holds.get(coil.coil)!.has(hold) && coil.physical !== 'scrapped')
        if (!facts) return
        const freed = below.filter(
          (number) => this.coil(number).physical !== 'scrapped' && this.holds.get(number)!.delete(hold),
        )
        expect(facts.map((fact) => (fact.data as { coil: string }).coil).sort()).toEqual(freed.sort())
        return this.#recordOnePerCoil(facts)
      }
      case 'scrap':
        return this.record(attempt(() => scrapCoil(coil, { kind: 'process-scrap', reason: 'x' }, given)) ?? [])
    }
  }

  #process({ mothers, children }: Deed & { do: 'process' }): void {
    const ready = this.all.filter(
      (number) => this.coil(number).physical === 'in-stock' && this.holds.get(number)!.size === 0,
    )
    const taken = [...new Set(mothers.map((i) => pick(ready, i)))].filter((number) => number !== undefined)
    if (taken.length === 0) return
    const made = Array.from({ length: children }, (_, i) => `K-${this.all.length + i}`)
    for (const child of made) {
      this.#born(child, taken, coilProduced({ coil: child, from: taken.map((coil) => ({ coil, kg: 100 })) }))
    }
    this.record(taken.map((coil) => coilConsumed({ coil, into: made.map((child) => ({ coil: child, kg: 100 })) })))
  }

  #born(coil: string, mothers: readonly string[], fact: PlantFact): void {
    this.record([fact])
    this.holds.set(coil, new Set())
    this.ancestors.set(coil, new Set(mothers.flatMap((mother) => [mother, ...this.ancestors.get(mother)!])))
  }

  #recordOnePerCoil(facts: readonly PlantFact[]): void {
    expect(new Set(facts.map(streamOf)).size).toBe(facts.length)
    const causes = facts.map((fact) => (fact.data as { cause?: string }).cause)
    expect(causes[0]).toBeUndefined()
    expect(new Set(causes.slice(1))).toEqual(
      facts.length > 1 ? new Set([(facts[0]!.data as { coil: string }).coil]) : new Set(),
    )
    this.record(facts)
  }
}

const pick = <T>(from: readonly T[], i: number): T => from[i % from.length]!

function attempt(decide: () => readonly PlantFact[]): readonly PlantFact[] | undefined {
  try {
    return decide()
  } catch (error) {
    if (error instanceof Refused) return undefined
    throw error
  }
}

describe('Holds in a family of coils', () => {
  it('rule 2: are on a coil and on what was made from it and is on hand, and leave as they came, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(deeds, async (life) => {
        const books = new TwoBooks(['A', 'B', 'C'])
        for (const deed of life) {
          await books.do(deed)
          for (const number of books.all) {
            expect(new Set(books.coil(number).holds.map(({ hold }) => hold))).toEqual(books.holds.get(number))
          }
        }
      }),
      { numRuns: 200 },
    )
  })
})
