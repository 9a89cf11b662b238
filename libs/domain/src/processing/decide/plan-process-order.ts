import type { z } from 'zod'
import { physicalInWords, requireNotRejected } from '../../coil/rules.js'
import type { Coil } from '../../coil/state.js'
import type { PlantFact } from '../../events.js'
import type { Line, Step } from '../../plant/events.js'
import { Checks } from '../../refusal.js'
import type { plannedOutput } from '../events.js'
import { requireAlike, requireEnoughInputs, requireLineDoes, requireStrip, standing } from '../rules.js'
import type { ProcessOrder } from '../state.js'
import { requirePossible } from '../strip-rules.js'

export interface OrderPlan {
  readonly processOrder: string
  readonly line: string
  readonly step: Step
  readonly inputs: string[]
  readonly planned: z.output<typeof plannedOutput>[]
  readonly mixed?: { reason: string }
  readonly dueAt?: string
  readonly remarks?: string
}

/** A coil in one of these can still come to the line some day. */
const CAN_STILL_COME: ReadonlySet<Coil['physical']> = new Set<Coil['physical']>([
  'expected',
  'in-stock',
  'in-process',
  'packed',
])

/**
 * Plans work on a line. A plan takes nothing from anybody: the coils stay as free as they were, and may be in
 * other plans, on hold or still expected. So only what can never be is refused; the start is binding.
 */
export function planProcessOrder(
  plan: OrderPlan,
  existing: ProcessOrder | undefined,
  line: Line,
  inputs: readonly Coil[],
): PlantFact[] {
  const checks = new Checks()
  checks.require(
    existing === undefined,
    'process-order-number-used',
    existing ? `the number ${plan.processOrder} is taken: ${standing(existing)}` : '',
    { processOrder: plan.processOrder, status: existing?.status },
    '/processOrder',
  )
  requireLineDoes(checks, line, plan.step, '/line')
  requireEnoughInputs(checks, plan.step, new Set(plan.inputs).size, '/inputs')
  inputs.forEach((coil, i) => {
    const at = `/inputs/${i}`
    checks.require(
      plan.inputs.indexOf(coil.coil) === i,
      'coil-named-twice',
      `coil ${coil.coil} is named twice`,
      { coil: coil.coil },
      at,
    )
    checks.require(
      CAN_STILL_COME.has(coil.physical),
      'coil-gone',
      `${physicalInWords(coil)}: nothing can be planned with it`,
      { coil: coil.coil, physical: coil.physical },
      at,
    )
    if (plan.step !== 'remelt') requireNotRejected(checks, coil, at)
    requireStrip(checks, coil, plan.step, at)
  })
  requireAlike(checks, inputs, plan.mixed, '/inputs')
  requirePossible(checks, plan.step, plan.planned, inputs)
  checks.done()
  return [{ type: 'ProcessOrderPlanned', data: plan }]
}
