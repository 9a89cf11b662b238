import fc from 'fast-check'
import { z } from 'zod'
import { coilReceived } from '#test/support/facts'
import { NOON } from '#test/support/given'
import { plant, strip } from '#test/support/processing'
import { type Coil, coils, isOnHand } from '../coil/state.js'
import type { PlantFact } from '../events.js'
import { sumKg } from '../mass.js'
import { STEPS, type Step } from '../plant/events.js'
import { lines, plants } from '../plant/state.js'
import { Refused } from '../refusal.js'
import { type StreamKind, streamOf } from '../streams.js'
import { completionShape } from './completion.js'
import { abortProcessOrder } from './decide/abort-process-order.js'
import { completeProcessOrder } from './decide/complete-process-order.js'
import { planProcessOrder } from './decide/plan-process-order.js'
import { startProcessOrder } from './decide/start-process-order.js'
import { processOrders } from './state.js'
import { SHAPES } from './steps.js'

const completion = z.strictObject(completionShape)
type Told = z.input<typeof completion>

const rarely = fc.integer({ min: 0, max: 9 }).map((n) => n === 0)

/** What a random person at a random line does. Fractions are of what there is. */
const deed = fc.record({
  step: fc.constantFrom(...STEPS),
  picks: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
  pieces: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
  scrap: fc.double({ min: 0, max: 0.2, noNaN: true }),
  loss: fc.double({ min: 0, max: 0.02, noNaN: true }),
  errorKg: fc.integer({ min: -40, max: 40 }),
  remnant: fc.boolean(),
  mixed: fc.boolean(),
  held: rarely,
  abort: rarely,
})
type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never

/** All histories, folded as they grow. */
class Plant {
  readonly facts: PlantFact[] = []
  readonly #byStream = new Map<string, PlantFact[]>()
  readonly numbers = new Set<string>()
  orders = 0

  record(facts: readonly PlantFact[]): void {
    for (const fact of facts) {
      this.facts.push(fact)
      const stream = streamOf(fact)
      this.#byStream.set(stream, [...(this.#byStream.get(stream) ?? []), fact])
      if ('coil' in fact.data) this.numbers.add(fact.data.coil)
    }
  }

  find<State>(kind: StreamKind<State>, id: string): State | undefined {
    return this.#byStream
      .get(kind.stream(id))
      ?.reduce<State | undefined>((state, fact) => kind.evolve(state, fact), undefined)
  }

  get<State>(kind: StreamKind<State>, id: string): State {
    return this.find(kind, id)!
  }

  get coils(): Coil[] {
    return [...this.numbers].map((number) => this.get(coils, number))
  }
}

/** True if it was done, false if a rule refused it and nothing was recorded. */
function attempt(plant: Plant, decide: () => readonly PlantFact[]): boolean {
  try {
    plant.record(decide())
    return true
  } catch (error) {
    if (error instanceof Refused) return false
    throw error
  }
}

function run(world: Plant, deed: Deed): boolean {
  const { step } = deed
  const ready = world.coils.filter((coil) => coil.physical === 'in-stock' && coil.product.form === 'coil')
  if (ready.length === 0) return false
  const inputs = [...new Set(deed.picks.map((pick) => ready[pick % ready.length]!.coil))]
  const processOrder = `PO-${++world.orders}`
  const line = world.get(lines, 'L-1')
  const mixed = deed.mixed ? { mixed: { reason: 'by chance' } } : {}
  const order = () => world.get(processOrders, processOrder)
  const mothers = () => inputs.map((coil) => world.get(coils, coil))
  if (
    !attempt(world, () =>
      planProcessOrder({ processOrder, line: 'L-1', step, inputs, planned: [], ...mixed }, undefined, line, mothers()),
    ) ||
    !attempt(world, () => startProcessOrder(order(), line, mothers(), world.get(plants, 'main'), NOON))
  ) {
    return false
  }
  if (deed.held) {
    world.record([{ type: 'CoilHeld', data: { coil: inputs[0]!, hold: `hold-${processOrder}`, reason: 'doubt' } }])
  }
  const told = completion.parse(tell(deed, mothers(), processOrder))
  if (
    !deed.abort &&
    attempt(world, () => completeProcessOrder({ order: order(), line, mothers: mothers(), given: NOON }, told, world))
  ) {
    return true
  }
  world.record(abortProcessOrder(order(), mothers(), { reason: 'no use', location: 'B1', locations: [] }, world, NOON))
  return false
}

/** What could have come out, weighed with an error. */
function tell(deed: Deed, mothers: readonly Coil[], order: string): Told {
  const { step, scrap, loss, errorKg } = deed
  const inKg = sumKg(mothers.map((mother) => mother.netWeightKg))
  const shape = SHAPES[step]
  const lossKg = Math.floor(inKg * loss)
  const owner = mothers[0]!.owner
  if (shape === 'treated') {
    return {
      results: mothers.map(({ coil, netWeightKg }) => ({
        coil,
        location: 'B1',
        temper: 'O',
        netWeightKg: netWeightKg - Math.floor(netWeightKg * loss) || 1,
      })),
      lossKg,
    }
  }
  const scrapKg = Math.floor(inKg * scrap)
  const weigh = (kg: number) => Math.max(1, kg + errorKg)
  if (shape === 'melt') {
    return { melt: { castNumber: `M-${order}`, netWeightKg: weigh(inKg - lossKg - scrapKg), owner }, lossKg, scrapKg }
  }
  const outputs: NonNullable<Told['outputs']> = []
  const add = (kg: number, told: object) =>
    outputs.push({
      coil: `C-${order}-${outputs.length}`,
      netWeightKg: weigh(kg),
      location: 'B1',
      confirmed: true,
      ...told,
    })
  if (shape === 'many-to-one') {
    const last = mothers.at(-1)!
    const remnantKg = deed.remnant ? Math.floor(last.netWeightKg / 3) : 0
    if (remnantKg > 0) add(remnantKg, { remnant: true, from: [{ coil: last.coil }] })
    add(inKg - remnantKg - scrapKg - lossKg, { owner, alloy: mothers[0]!.product.alloy })
    return { outputs, scrapKg, lossKg }
  }
  for (const mother of mothers) {
    const from = [{ coil: mother.coil }]
    const goodKg = Math.floor(mother.netWeightKg * (1 - scrap - loss))
    const remnantKg = deed.remnant ? Math.floor(goodKg / 4) : 0
    if (remnantKg > 0) add(remnantKg, { remnant: true, from })
    const pieces = shape === 'one-to-one' ? [1] : deed.pieces
    for (const piece of pieces) {
      const part = piece / sumKg(pieces)
      add(Math.floor((goodKg - remnantKg) * part), { from, ...made(step, mother, part) })
    }
  }
  return { outputs, scrapKg, lossKg }
}

function made(step: Step, { product }: Coil, part: number): object {
  if (step === 'roll') return { gaugeMm: product.gaugeMm * 0.6 }
  if (step === 'edge-trim') return { widthMm: product.widthMm - 1 }
  if (step === 'slit') return { widthMm: Math.max(5, Math.floor(product.widthMm * part)) }
  if (step === 'cut-to-length') return { lengthMm: 2000, sheets: 50 }
  return {}
}

const received = (coil: string, owner: string, alloy: string, netWeightKg: number) =>
  coilReceived({ coil, owner, netWeightKg, product: strip({ alloy }) })

const first = fc.record({
  owner: fc.constantFrom('AZAL', 'ALRO'),
  alloy: fc.constantFrom('EN AW-8011A', 'EN AW-1050A'),
  kg: fc.integer({ min: 200, max: 12_000 }),
})

/**
 * What is missing of each owner's metal, from the events alone: what came in, less what is on hand, melted, scrap, loss
 * and difference. A title that goes over takes the coil's kilograms from one owner to the other.
 */
function missingKg(world: Plant): Record<string, number> {
  const missing: Record<string, number> = { AZAL: 0, ALRO: 0 }
  const known = new Map<string, { owner: string; kg: number }>()
  for (const { type, data } of world.facts) {
    switch (type) {
      case 'CoilReceived':
        missing[data.owner]! += data.netWeightKg
        known.set(data.coil, { owner: data.owner, kg: data.netWeightKg })
        break
      case 'CoilProduced':
        known.set(data.coil, { owner: data.owner, kg: data.netWeightKg })
        break
      case 'TitleTransferred': {
        const { owner, kg } = known.get(data.coil)!
        missing[owner]! -= kg
        missing[data.to]! += kg
        known.set(data.coil, { owner: data.to, kg })
        break
      }
      case 'CoilTreated': {
        const { owner } = known.get(data.coil)!
        missing[owner]! -= data.lossKg + data.differenceKg
        known.set(data.coil, { owner, kg: data.netWeightKg })
        break
      }
      case 'CoilConsumed':
        missing[data.owner]! -= data.scrapKg + data.lossKg + data.differenceKg
        break
      case 'MeltRecorded':
        missing[data.owner]! -= data.netWeightKg!
        break
    }
  }
  for (const coil of world.coils.filter(isOnHand)) missing[coil.owner]! -= coil.netWeightKg
  return missing
}

describe('any orders on any coils', () => {
  it('keep every kilogram of every owner, change title only by an event, and lose no hold', () => {
    let completed = 0
    const steps = new Set<Step>()
    fc.assert(
      fc.property(
        fc.array(first, { minLength: 2, maxLength: 8 }),
        fc.array(deed, { minLength: 5, maxLength: 25 }),
        (coilsIn, deeds) => {
          const world = new Plant()
          world.record(plant)
          world.record(coilsIn.map(({ owner, alloy, kg }, i) => received(`AZ-${i}`, owner, alloy, kg)))
          for (const deed of deeds) {
            if (!run(world, deed)) continue
            completed += 1
            steps.add(deed.step)
          }
          expect(missingKg(world)).toEqual({ AZAL: 0, ALRO: 0 })
          for (const fact of world.facts) requireSound(world, fact)
        },
      ),
      { numRuns: 200 },
    )
    expect([...steps].sort()).toEqual([...STEPS].sort())
    expect(completed).toBeGreaterThan(200)
  })
})

/** What every fact must tell by itself, or with the coils that it names. */
function requireSound(world: Plant, { type, data }: PlantFact): void {
  if (type === 'CoilConsumed') {
    const intoKg = sumKg(data.into.map((share) => share.kg)) + (data.intoMelt?.kg ?? 0)
    expect(data.netWeightKg).toBe(intoKg + data.scrapKg + data.lossKg + data.differenceKg)
  }
  if (type === 'CoilProduced') {
    expect(sumKg(data.from.map((share) => share.kg))).toBe(data.netWeightKg)
    const mothers = data.from.map((share) => world.get(coils, share.coil))
    expect(new Set(mothers.map((mother) => mother.owner))).toEqual(new Set([data.owner]))
    const holdsOf = (coil: Coil) => coil.holds.map((hold) => hold.hold)
    expect(holdsOf(world.get(coils, data.coil))).toEqual(expect.arrayContaining(mothers.flatMap(holdsOf)))
  }
  if (type === 'ProcessOrderCompleted') {
    const { inKg, outKg, scrapKg, lossKg, differenceKg } = data.balance
    expect(inKg).toBe(outKg + scrapKg + lossKg + differenceKg)
    expect(inKg).toBe(sumKg(data.inputs.map((input) => input.kg)))
    expect(Math.abs(differenceKg)).toBeLessThanOrEqual(data.toleranceKg)
  }
}
