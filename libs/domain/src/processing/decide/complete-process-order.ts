import { requireFourEyes } from '../../approval/four-eyes.js'
import type { PlantFact } from '../../events.js'
import type { Known } from '../../known.js'
import { massBalance, requireBalance, sumKg, toleranceKg } from '../../mass.js'
import { requirePlaces } from '../../plant/placement.js'
import { Checks } from '../../refusal.js'
import type { MassBalance, OverrideAsked } from '../../words.js'
import type { Completion } from '../completion.js'
import { requireAfterStart, standing } from '../rules.js'
import { type Made, onRun, type Run } from '../run.js'
import { SHAPES } from '../steps.js'
import { requireCoatingFits } from '../strip-rules.js'
import { produceCoils } from './produce-coils.js'
import { remeltCoils } from './remelt-coils.js'
import { treatCoils } from './treat-coils.js'

/**
 * Completes a run: what went in is consumed or treated, what came out is in stock, and every kilogram is booked.
 * Coils that were put on hold while on the line are finished all the same; their children are held as they are.
 */
export function completeProcessOrder(run: Run, told: Completion, known: Known): PlantFact[] {
  const { order, line, mothers, given } = run
  const checks = new Checks()
  checks.require(
    order.status === 'started',
    'process-order-not-started',
    `${standing(order)}; only a started order can be completed`,
    { processOrder: order.processOrder, status: order.status },
  )
  checks.done()
  requireAfterStart(checks, order, given.occurredAt)
  requireFits(checks, run, told)
  if (order.step === 'coat') requireCoatingFits(checks, mothers, told.coatingKg)
  const made = makers[SHAPES[order.step]](checks, run, told, known)
  const inKg = sumKg(mothers.map((mother) => mother.netWeightKg)) + made.chargedKg
  const balance = massBalance(inKg, made.outKg, told.scrapKg, told.lossKg)
  // Paint is no metal: it is booked as the gain that it is, and is no reason to doubt a scale.
  const unexplained = { ...balance, differenceKg: balance.differenceKg + told.coatingKg }
  requireBalance(checks, unexplained, line.tolerance, told.override)
  requirePlaces(checks, known, made.coming)
  checks.done()
  return [
    {
      type: 'ProcessOrderCompleted',
      data: {
        ...onRun(run),
        inputs: mothers.map(({ coil, netWeightKg: kg, owner, product }) => ({ coil, kg, owner, product })),
        outputs: [...made.outputs],
        melt: told.melt && {
          castNumber: told.melt.castNumber,
          kg: told.melt.netWeightKg,
          scrapChargedKg: told.melt.scrapChargedKg,
        },
        balance,
        ...(told.coatingKg > 0 && { coatingKg: told.coatingKg }),
        toleranceKg: toleranceKg(line.tolerance, inKg),
        ...(told.override && { override: agreed(run, told.override, balance) }),
        startedAt: order.startedAt!,
        completedAt: given.occurredAt,
      },
    },
    ...made.facts(),
  ]
}

const agreed = ({ order, given }: Run, { reason }: OverrideAsked, { differenceKg }: MassBalance) => ({
  reason,
  ...requireFourEyes(given, `Complete order ${order.processOrder} with ${differenceKg} kg unexplained`, reason),
})

type Maker = (checks: Checks, run: Run, told: Completion, known: Known) => Made

const makers: Record<(typeof SHAPES)[keyof typeof SHAPES], Maker> = {
  treated: treatCoils,
  'one-to-one': produceCoils,
  'one-to-many': produceCoils,
  'many-to-one': produceCoils,
  melt: remeltCoils,
}

/** Outputs, results or a melt: each step has its own. */
function requireFits(checks: Checks, { order: { step } }: Run, told: Completion): void {
  const shape = SHAPES[step]
  const wanted = shape === 'treated' ? 'results' : shape === 'melt' ? 'melt' : 'outputs'
  const given = { outputs: told.outputs.length > 0, results: told.results.length > 0, melt: told.melt !== undefined }
  for (const field of ['outputs', 'results', 'melt'] as const) {
    checks.require(
      field === wanted || !given[field],
      'not-for-this-step',
      `what comes out of a ${step} is told under "${wanted}", not under "${field}"`,
      { step, field, wanted },
      `/${field}`,
    )
  }
  for (const [field, of] of [
    ['trimMm', 'slit'],
    ['coatingKg', 'coat'],
  ] as const) {
    checks.require(
      step === of || told[field] === 0,
      'not-for-this-step',
      `"${field}" is told of a ${of}, not of a ${step}`,
      { step, field },
      `/${field}`,
    )
  }
}
