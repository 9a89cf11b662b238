import type { PartnerState } from '../plant/state.js'
import type { Checks } from '../refusal.js'
import { type Coil, isOnHand } from './state.js'

/** Rules that many decisions share. Each notes its fault, so that one answer can name them all. */

/** Where a coil is, as people say it. */
const PHYSICAL_IN_WORDS: Record<Coil['physical'], string> = {
  expected: 'is expected, but was not received yet',
  'in-stock': 'is in stock',
  'in-process': 'is being processed',
  consumed: 'was consumed',
  scrapped: 'was scrapped',
  packed: 'is packed',
  dispatched: 'was dispatched',
  delivered: 'was delivered',
}

export const physicalInWords = (coil: Coil): string =>
  `coil ${coil.coil} ${PHYSICAL_IN_WORDS[coil.physical]}${
    coil.physical === 'in-process'
      ? ` on order ${coil.processOrder}`
      : coil.physical === 'packed'
        ? ` in ${coil.pack}`
        : ''
  }`

/** Rule 4 among others: what is consumed, scrapped or gone cannot be worked on. */
export function requireInStock(checks: Checks, coil: Coil, field?: string): boolean {
  return checks.require(
    coil.physical === 'in-stock',
    'coil-not-in-stock',
    `${physicalInWords(coil)}; it must be in stock for this`,
    { coil: coil.coil, physical: coil.physical },
    field,
  )
}

/** In stock or packed: it lies somewhere, and nobody works on it. */
export function requireAtRest(checks: Checks, coil: Coil, field?: string): boolean {
  return checks.require(
    coil.physical === 'in-stock' || coil.physical === 'packed',
    'coil-not-at-rest',
    `${physicalInWords(coil)}; it must be in stock or packed for this`,
    { coil: coil.coil, physical: coil.physical },
    field,
  )
}

/** In stock, in process or packed: the plant has it, whole. */
export function requireOnHand(checks: Checks, coil: Coil, field?: string): boolean {
  return checks.require(
    isOnHand(coil),
    'coil-not-on-hand',
    `${physicalInWords(coil)}; it must be on hand for this`,
    { coil: coil.coil, physical: coil.physical },
    field,
  )
}

/** Rule 2: a held coil is not processed, reserved, sold or dispatched. */
export function requireNotHeld(checks: Checks, coil: Coil, field?: string): boolean {
  return checks.require(
    coil.holds.length === 0,
    'coil-on-hold',
    `coil ${coil.coil} is on hold: ${coil.holds.map((hold) => hold.reason).join('; ')}`,
    {
      coil: coil.coil,
      reason: coil.holds.map((hold) => hold.reason).join('; '),
      holds: coil.holds.map((hold) => hold.hold),
    },
    field,
  )
}

/** A rejected coil is good for remelting or scrap only. */
export function requireNotRejected(checks: Checks, coil: Coil, field?: string): boolean {
  return checks.require(
    coil.grade !== 'rejected',
    'coil-rejected',
    `coil ${coil.coil} was rejected: it can only be remelted or scrapped`,
    { coil: coil.coil },
    field,
  )
}

/** Rule 3: nobody else has a reservation on it, and it is not sold. A reservation past its time does not count. */
export function requireFree(checks: Checks, coil: Coil, now: Date, field?: string): boolean {
  const { reservation, sale } = coil
  if (sale) {
    checks.add({
      rule: 'coil-sold',
      message: `coil ${coil.coil} was sold to ${sale.customer} on order ${sale.salesOrder}`,
      values: { coil: coil.coil, salesOrder: sale.salesOrder, customer: sale.customer },
      ...(field && { field }),
    })
    return false
  }
  return checks.require(
    !reservation || Date.parse(reservation.until) <= now.getTime(),
    'coil-reserved',
    `coil ${coil.coil} is reserved for order ${reservation?.salesOrder} until ${reservation?.until}`,
    { coil: coil.coil, salesOrder: reservation?.salesOrder, until: reservation?.until },
    field,
  )
}

/** Rule 1: a coil number is used once. `existing` is what is known under the number. */
export function requireUnusedNumber(
  checks: Checks,
  number: string,
  existing: Coil | undefined,
  field?: string,
): boolean {
  return checks.require(
    existing === undefined,
    'coil-number-used',
    existing ? `the number ${number} is taken: ${physicalInWords(existing)}` : '',
    { coil: number, physical: existing?.physical },
    field,
  )
}

/** A coil is named once in a list; `field` makes the pointer of each. */
export function requireEachOnce(checks: Checks, numbers: readonly string[], field: (i: number) => string): void {
  const seen = new Set<string>()
  numbers.forEach((coil, i) => {
    checks.require(!seen.has(coil), 'coil-named-twice', `coil ${coil} is named more than once`, { coil }, field(i))
    seen.add(coil)
  })
}

/** Goes with a fact that changes what a customer was sold; nothing for a coil that is not sold. */
export function afterSale({ sale }: Coil): { afterSale?: { salesOrder: string; customer: string } } {
  return sale ? { afterSale: { salesOrder: sale.salesOrder, customer: sale.customer } } : {}
}

/** Metal belongs to partners who are known as owners of metal. */
export function requireOwnsMetal(checks: Checks, partner: PartnerState, field?: string): boolean {
  return checks.require(
    partner.roles.includes('owner'),
    'partner-owns-no-metal',
    `${partner.partner} is known as ${partner.roles.join(', ')}, not as an owner of metal`,
    { partner: partner.partner, roles: partner.roles },
    field,
  )
}
