/** A plant with one line that can do everything, and orders on it, for specifications of processing. */
import { z } from 'zod'
import { coils } from '#domain/coil/state'
import type { PlantFact } from '#domain/events'
import { STEPS, type Step } from '#domain/plant/events'
import { lines, plants } from '#domain/plant/state'
import { completionShape } from '#domain/processing/completion'
import { type Abort, abortProcessOrder } from '#domain/processing/decide/abort-process-order'
import { completeProcessOrder } from '#domain/processing/decide/complete-process-order'
import { type OrderPlan, planProcessOrder } from '#domain/processing/decide/plan-process-order'
import { startProcessOrder } from '#domain/processing/decide/start-process-order'
import { processOrders } from '#domain/processing/state'
import {
  castStrip,
  coilProcessingStarted,
  coilReceived,
  coilStored,
  lineDefined,
  locationDefined,
  plantConfigured,
  processOrderPlanned,
  processOrderStarted,
  temperDefined,
} from './facts.js'
import { AGREED, type World } from './given.js'

type Received = Partial<Parameters<typeof coilReceived>[0]>

/** Line L-1 balances to 10 kg or 0.3 %; bays B1 and B2 have no limit. */
export const plant: readonly PlantFact[] = [
  plantConfigured(),
  lineDefined({ line: 'L-1', name: 'Line 1', steps: [...STEPS] }),
  locationDefined(),
  locationDefined({ location: 'B2' }),
  temperDefined('O'),
  temperDefined('H14'),
]

/** Without diameters, so that any weight is believed; 10,000 kg, 1250 mm wide, 7 mm thick. */
export const mother = (data: Received = {}) => coilReceived({ netWeightKg: 10_000, product: strip(), ...data })

export const strip = (product: Partial<typeof castStrip> = {}) => ({
  ...castStrip,
  outerDiameterMm: undefined,
  ...product,
})

/** The plant, the coils in bay B1, and order PO-1 for them. */
export function planned(step: Step, received: readonly ReturnType<typeof mother>[], mixed?: { reason: string }) {
  const inputs = received.map((fact) => fact.data.coil)
  return [
    ...plant,
    ...received.flatMap((fact) => [fact, coilStored(fact.data.coil, fact.data.location)]),
    processOrderPlanned({ step, inputs, mixed }),
  ]
}

/** The same, with the coils on the line since 10 o'clock. */
export function started(step: Step, received = [mother()], mixed?: { reason: string }): PlantFact[] {
  return [
    ...planned(step, received, mixed),
    processOrderStarted({
      step,
      inputs: received.map(({ data: { coil, netWeightKg: kg, owner, product } }) => ({ coil, kg, owner, product })),
    }),
    ...received.map(({ data: { coil, location } }) => coilProcessingStarted({ coil, step, from: location })),
  ]
}

export const planning =
  (plan: Partial<OrderPlan> = {}) =>
  (world: World) => {
    const whole = { processOrder: 'PO-1', line: 'L-1', step: 'slit' as Step, inputs: ['AZ-1'], planned: [], ...plan }
    return planProcessOrder(
      whole,
      world.find(processOrders, whole.processOrder),
      world.get(lines, whole.line),
      whole.inputs.map((coil) => world.get(coils, coil)),
    )
  }

export const starting =
  (number = 'PO-1') =>
  (world: World) => {
    const order = world.get(processOrders, number)
    const inputs = order.inputs.map((coil) => world.get(coils, coil))
    return startProcessOrder(order, world.get(lines, order.line), inputs, world.get(plants, 'main'), world.given)
  }

const completion = z.strictObject(completionShape)
type Told = z.input<typeof completion>

export const completing =
  (told: Told, occurredAt = '2026-11-10T12:00:00.000Z', among = AGREED) =>
  (world: World) => {
    const order = world.get(processOrders, 'PO-1')
    const mothers = order.inputs.map((coil) => world.get(coils, coil))
    const given = { ...among, occurredAt }
    return completeProcessOrder({ order, line: world.get(lines, 'L-1'), mothers, given }, completion.parse(told), world)
  }

export const aborting =
  (abort: Partial<Abort> = {}, occurredAt = '2026-11-10T12:00:00.000Z') =>
  (world: World) => {
    const order = world.get(processOrders, 'PO-1')
    const inputs = order.inputs.map((coil) => world.get(coils, coil))
    const whole = { reason: 'no power', locations: [], ...abort }
    return abortProcessOrder(order, inputs, whole, world, { ...world.given, occurredAt })
  }

/** One output as told, into bay B2. */
export const out = (coil: string, netWeightKg: number, told: Partial<NonNullable<Told['outputs']>[number]> = {}) => ({
  coil,
  netWeightKg,
  location: 'B2',
  ...told,
})
