import { requireFree, requireInStock, requireNotHeld, requireNotRejected } from '../../coil/rules.js'
import type { Coil } from '../../coil/state.js'
import type { PlantFact } from '../../events.js'
import type { Given } from '../../given.js'
import type { Line, PlantSettings } from '../../plant/events.js'
import { taken } from '../../plant/placement.js'
import { Checks } from '../../refusal.js'
import { expired } from '../../sales/reservations.js'
import { requireAlike, requireEnoughInputs, requireLineDoes, requireStrip, standing } from '../rules.js'
import type { ProcessOrder } from '../state.js'

/** Takes the coils of a planned order from their bays to the line. Of two orders with the same coil, one starts. */
export function startProcessOrder(
  order: ProcessOrder,
  line: Line,
  inputs: readonly Coil[],
  plant: PlantSettings,
  given: Given,
): PlantFact[] {
  const checks = new Checks()
  const { processOrder, step } = order
  checks.require(
    order.status === 'planned',
    'process-order-not-planned',
    `${standing(order)}; only a planned order can be started`,
    { processOrder, status: order.status },
  )
  checks.done()
  requireLineDoes(checks, line, step)
  requireEnoughInputs(checks, step, inputs.length)
  for (const coil of inputs) requireReady(checks, coil, order, plant, given)
  requireAlike(checks, inputs, order.mixed)
  checks.done()
  const on = { processOrder, line: order.line, step }
  return [
    {
      type: 'ProcessOrderStarted',
      data: {
        ...on,
        inputs: inputs.map(({ coil, netWeightKg, owner, product }) => ({ coil, kg: netWeightKg, owner, product })),
        startedAt: given.occurredAt,
      },
    },
    ...expired(inputs, given.now),
    ...inputs.flatMap(({ coil, location }): PlantFact[] => [
      { type: 'CoilProcessingStarted', data: { coil, ...on, from: location! } },
      ...taken(coil, location),
    ]),
  ]
}

function requireReady(checks: Checks, coil: Coil, { step }: ProcessOrder, plant: PlantSettings, given: Given): void {
  // Where a coil is comes first: of one that is gone, nothing else matters.
  if (!requireInStock(checks, coil)) return
  requireNotHeld(checks, coil)
  if (step !== 'remelt') requireNotRejected(checks, coil)
  requireFree(checks, coil, given.now)
  requireStrip(checks, coil, step)
  checks.require(
    coil.holder === plant.company,
    'coil-not-in-our-hands',
    `coil ${coil.coil} is in the hands of ${coil.holder}: only they may have it processed`,
    { coil: coil.coil, holder: coil.holder, company: plant.company },
  )
}
