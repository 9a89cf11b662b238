import type { Coil } from '../../coil/state.js'
import type { PlantFact } from '../../events.js'
import type { Given } from '../../given.js'
import type { Known } from '../../known.js'
import { requirePlaces, stored } from '../../plant/placement.js'
import { Checks } from '../../refusal.js'
import { requireAfterStart, standing } from '../rules.js'
import type { ProcessOrder } from '../state.js'

export interface Abort {
  readonly reason: string
  /** Where all coils go back to that `locations` does not name. */
  readonly location?: string
  readonly locations: readonly { readonly coil: string; readonly location: string }[]
}

/**
 * Ends an order of which nothing came out: coils that were taken go back to stock as they were.
 */
export function abortProcessOrder(
  order: ProcessOrder,
  inputs: readonly Coil[],
  abort: Abort,
  known: Known,
  given: Given,
): PlantFact[] {
  const checks = new Checks()
  const { processOrder } = order
  checks.require(
    order.status === 'planned' || order.status === 'started',
    'process-order-closed',
    `${standing(order)}; it cannot be aborted any more`,
    { processOrder, status: order.status },
  )
  checks.done()
  const backTo = order.status === 'started' ? placesFor(checks, order, abort) : new Map<string, string>()
  requireAfterStart(checks, order, given.occurredAt)
  requirePlaces(
    checks,
    known,
    [...backTo].map(([coil, location]) => ({ location, field: fieldOf(abort, coil) })),
  )
  checks.done()
  const on = { processOrder, line: order.line, step: order.step }
  const { reason } = abort
  return [
    {
      type: 'ProcessOrderAborted',
      data: { ...on, inputs: [...order.inputs], reason, startedAt: order.startedAt, abortedAt: given.occurredAt },
    },
    ...inputs.flatMap(({ coil }): PlantFact[] => {
      const location = backTo.get(coil)
      return location === undefined
        ? []
        : [{ type: 'CoilProcessingAborted', data: { coil, ...on, location, reason } }, stored(coil, location)]
    }),
  ]
}

/** Coil -> where it goes back to. */
function placesFor(checks: Checks, order: ProcessOrder, { location, locations }: Abort): Map<string, string> {
  const backTo = new Map(location === undefined ? [] : order.inputs.map((coil) => [coil, location]))
  const named = new Set<string>()
  locations.forEach(({ coil, location }, i) => {
    const field = `/locations/${i}/coil`
    checks.require(!named.has(coil), 'coil-named-twice', `coil ${coil} is named twice`, { coil }, field)
    checks.require(
      order.inputs.includes(coil),
      'coil-not-in-order',
      `coil ${coil} is not in order ${order.processOrder}`,
      { coil, processOrder: order.processOrder },
      field,
    )
    named.add(coil)
    backTo.set(coil, location)
  })
  for (const coil of order.inputs) {
    checks.require(
      backTo.has(coil),
      'location-missing',
      `say where coil ${coil} goes back to: under "locations", or one "location" for all`,
      { coil },
      '/locations',
    )
  }
  return backTo
}

function fieldOf({ locations }: Abort, coil: string): string {
  const at = locations.findIndex((named) => named.coil === coil)
  return at < 0 ? '/location' : `/locations/${at}/location`
}
