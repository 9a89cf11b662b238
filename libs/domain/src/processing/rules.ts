import type { Coil } from '../coil/state.js'
import type { Known } from '../known.js'
import type { Line, Step } from '../plant/events.js'
import { tempers } from '../plant/state.js'
import { type Checks, unknownThing } from '../refusal.js'
import type { ProcessOrder } from './state.js'
import { SHAPES } from './steps.js'

/** The line is made for the step. */
export function requireLineDoes(checks: Checks, line: Line, step: Step, field?: string): boolean {
  return checks.require(
    line.steps.includes(step),
    'line-cannot-do-step',
    `line ${line.line} cannot ${step}: it can ${line.steps.join(', ')}`,
    { line: line.line, step, steps: line.steps },
    field,
  )
}

/** How the order stands, as people say it. */
export function standing({ processOrder, status, startedAt, completedAt, abortedAt }: ProcessOrder): string {
  switch (status) {
    case 'planned':
      return `order ${processOrder} is planned, but not started`
    case 'started':
      return `order ${processOrder} was started at ${startedAt}`
    case 'completed':
      return `order ${processOrder} was completed at ${completedAt}`
    case 'aborted':
      return `order ${processOrder} was aborted at ${abortedAt}`
  }
}

/** Nothing ends before it begins. Both ISO 8601, UTC. */
export function requireAfterStart(checks: Checks, order: ProcessOrder, at: string): boolean {
  return checks.require(
    order.startedAt === undefined || Date.parse(at) >= Date.parse(order.startedAt),
    'before-start',
    `order ${order.processOrder} was started at ${order.startedAt}: it cannot end before, at ${at}`,
    { processOrder: order.processOrder, startedAt: order.startedAt, occurredAt: at },
    '/occurredAt',
  )
}

/** Rule 7: inputs of one order share owner and alloy, unless the order says otherwise and why. */
export function requireAlike(
  checks: Checks,
  inputs: readonly Coil[],
  mixed: ProcessOrder['mixed'],
  field?: string,
): void {
  if (mixed) return
  const owners = [...new Set(inputs.map((coil) => coil.owner))]
  checks.require(
    owners.length < 2,
    'owners-differ',
    `the coils belong to ${owners.join(', ')}: one order takes metal of one owner, unless it is planned as mixed, with the reason`,
    { owners },
    field,
  )
  const alloys = [...new Set(inputs.map((coil) => coil.product.alloy))]
  checks.require(
    alloys.length < 2,
    'alloys-differ',
    `the coils are of ${alloys.join(', ')}: one order takes one alloy, unless it is planned as mixed, with the reason`,
    { alloys },
    field,
  )
}

/** Sheets are stacked: no line winds them off. They can be treated in a furnace, or melted. */
export function requireStrip(checks: Checks, coil: Coil, step: Step, field?: string): boolean {
  const shape = SHAPES[step]
  return checks.require(
    coil.product.form === 'coil' || shape === 'treated' || shape === 'melt',
    'sheets-not-strip',
    `${coil.coil} is a pack of sheets: it cannot ${step === 'cut-to-length' ? 'be cut to length again' : `go through a ${step}`}`,
    { coil: coil.coil, form: coil.product.form, step },
    field,
  )
}

/** A temper that was told is one that the plant knows. */
export function requireKnownTemper(checks: Checks, known: Known, temper: string | undefined, field: string): void {
  if (temper !== undefined && !known.find(tempers, temper)) checks.add(unknownThing('temper', temper, field))
}

/** A join takes two. */
export function requireEnoughInputs(checks: Checks, step: Step, inputs: number, field?: string): boolean {
  return checks.require(
    SHAPES[step] !== 'many-to-one' || inputs > 1,
    'join-needs-two',
    'a join takes two coils or more',
    { inputs },
    field,
  )
}
