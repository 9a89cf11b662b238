import type { PlantFact } from '../../events.js'
import type { PartnerState } from '../../plant/state.js'
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

/** What is known of the things that the order names. */
export interface OrderedFrom {
  readonly existing?: SalesOrder
  readonly customer?: PartnerState
  readonly knowsAlloy: (alloy: string) => boolean
  readonly knowsTemper: (temper: string) => boolean
}

/** A customer orders strip by its properties. */
export function placeSalesOrder(ordered: Ordered, known: OrderedFrom): PlantFact[] {
  const checks = new Checks()
  const { salesOrder, lines } = ordered
  checks.require(
    known.existing === undefined,
    'sales-order-number-used',
    `the number ${salesOrder} is taken by an order of ${known.existing?.customer}`,
    { salesOrder, customer: known.existing?.customer },
    '/salesOrder',
  )
  if (!known.customer) checks.add(unknownThing('partner', ordered.customer, '/customer'))
  else requireCustomer(checks, known.customer)
  const seen = new Set<number>()
  lines.forEach(({ line, specification: { alloy, temper } }, i) => {
    checks.require(
      !seen.has(line),
      'line-numbered-twice',
      `line number ${line} is there more than once`,
      { line },
      `/lines/${i}/line`,
    )
    seen.add(line)
    if (!known.knowsAlloy(alloy)) checks.add(unknownThing('alloy', alloy, `/lines/${i}/specification/alloy`))
    if (!known.knowsTemper(temper)) checks.add(unknownThing('temper', temper, `/lines/${i}/specification/temper`))
  })
  checks.done()
  const { customer, reference, remarks } = ordered
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
