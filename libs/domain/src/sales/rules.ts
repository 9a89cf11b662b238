import { requireAtRest, requireNotHeld, requireNotRejected } from '../coil/rules.js'
import type { Coil } from '../coil/state.js'
import { sumKg } from '../mass.js'
import { type Checks, Refused, unknownThing } from '../refusal.js'
import type { OrderLine } from './events.js'
import { mismatches } from './matches.js'
import { coilsOfLine, type SalesOrder } from './state.js'

/** Rules that reserving, selling and dispatching share. */

/** @throws Refused `unknown-order-line` */
export function lineOf(order: SalesOrder, number: number): OrderLine {
  const line = order.lines.find((line) => line.line === number)
  if (!line) throw new Refused([unknownThing('order-line', `${order.salesOrder}/${number}`)])
  return line
}

export function requireNotCancelled(checks: Checks, { salesOrder, cancelled }: SalesOrder): boolean {
  return checks.require(!cancelled, 'sales-order-cancelled', `order ${salesOrder} was cancelled`, { salesOrder })
}

/** Rule 2 among others: whole, at rest, not held and not rejected. */
export function requirePromisable(checks: Checks, coil: Coil, field: string): void {
  requireAtRest(checks, coil, field)
  requireNotHeld(checks, coil, field)
  requireNotRejected(checks, coil, field)
}

export const isReservedFor = ({ reservation }: Coil, line: { salesOrder: string; line: number }): boolean =>
  reservation?.salesOrder === line.salesOrder && reservation.line === line.line

/** It is what the line asks for, or somebody says why it may be something else. */
export function requireMatch(
  checks: Checks,
  { coil, product }: Coil,
  line: OrderLine,
  deviation: string | undefined,
  field: string,
): void {
  const differences = mismatches(line.specification, product)
  checks.require(
    differences.length === 0 || deviation !== undefined,
    'coil-off-specification',
    `coil ${coil} is not what line ${line.line} asks for: ${differences.join('; ')}; give a reason to deviate`,
    { coil, line: line.line, differences },
    field,
  )
}

/** What a line may have at most, in kg. */
export const mostKg = ({ kg, tolerancePercent }: OrderLine): number => Math.floor(kg * (1 + tolerancePercent / 100))

/**
 * What a line would have with these coils, and whether that is more than it may have, and more than it has already.
 * A reservation past its time does not count.
 */
export function overDelivery(order: SalesOrder, line: OrderLine, coils: readonly Coil[], now: Date) {
  const onLine = coilsOfLine(order, line.line).filter(({ until }) => !until || Date.parse(until) > now.getTime())
  const coming = new Set(coils.map(({ coil }) => coil))
  const beforeKg = sumKg(onLine.map(({ kg }) => kg))
  const afterKg =
    sumKg(onLine.filter(({ coil }) => !coming.has(coil)).map(({ kg }) => kg)) +
    sumKg(coils.map(({ netWeightKg }) => netWeightKg))
  return { afterKg, mostKg: mostKg(line), over: afterKg > Math.max(mostKg(line), beforeKg) }
}

/** A line gets no more than its kg and the tolerance on it, or somebody says why. */
export function requireNotTooMuch(
  checks: Checks,
  order: SalesOrder,
  line: OrderLine,
  coils: readonly Coil[],
  deviation: string | undefined,
  now: Date,
): void {
  const { over, afterKg, mostKg } = overDelivery(order, line, coils, now)
  checks.require(
    !over || deviation !== undefined,
    'line-exceeded',
    `line ${line.line} would have ${afterKg} kg; it asks for ${line.kg} kg, ${mostKg} kg with its tolerance; give a reason to deviate`,
    { line: line.line, orderedKg: line.kg, mostKg, kg: afterKg },
    '/coils',
  )
}
