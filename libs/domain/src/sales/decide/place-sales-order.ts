import type { PlantFact } from '../../events.js'
import type { Known } from '../../known.js'
import { alloys, type PartnerState, partners, tempers } from '../../plant/state.js'
import { Checks, unknownThing } from '../../refusal.js'
import type { OrderLine } from '../events.js'
import type { SalesOrder } from '../state.js'

export interface Ordered {
  readonly salesOrder: string
  readonly customer: string
  readonly reference?: string
  readonly lines: readonly OrderLine[]
  readonly remarks?: string
}

/** A customer orders strip by its properties. `existing`: what is known under the order's number. */
export function placeSalesOrder(ordered: Ordered, existing: SalesOrder | undefined, known: Known): PlantFact[] {
  const { salesOrder, customer, reference, lines, remarks } = ordered
  const checks = new Checks()
  checks.require(
    existing === undefined,
    'sales-order-number-used',
    `the number ${salesOrder} is taken by an order of ${existing?.customer}`,
    { salesOrder, customer: existing?.customer },
    '/salesOrder',
  )
  const partner = known.find(partners, customer)
  if (partner) requireCustomer(checks, partner)
  else checks.add(unknownThing('partner', customer, '/customer'))
  requireLines(checks, lines, known)
  checks.done()
  return [
    {
      type: 'SalesOrderPlaced',
      data: { salesOrder, customer, ...(reference && { reference }), lines: [...lines], ...(remarks && { remarks }) },
    },
  ]
}

function requireCustomer(checks: Checks, { partner, roles }: PartnerState): void {
  checks.require(
    roles.includes('customer'),
    'partner-not-customer',
    `${partner} is known as ${roles.join(', ')}, not as a customer`,
    { partner, roles },
    '/customer',
  )
}

/** Each has a number of its own, and asks for metal that the plant knows. */
function requireLines(checks: Checks, lines: readonly OrderLine[], known: Known): void {
  const seen = new Set<number>()
  lines.forEach(({ line, specification: { alloy, temper } }, i) => {
    const field = `/lines/${i}`
    checks.require(
      !seen.has(line),
      'line-numbered-twice',
      `line number ${line} is there more than once`,
      { line },
      `${field}/line`,
    )
    seen.add(line)
    if (!known.find(alloys, alloy)) checks.add(unknownThing('alloy', alloy, `${field}/specification/alloy`))
    if (!known.find(tempers, temper)) checks.add(unknownThing('temper', temper, `${field}/specification/temper`))
  })
}
