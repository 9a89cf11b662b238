import type { PlantFact } from '../../events.js'
import { Checks } from '../../refusal.js'
import { requireNotCancelled } from '../rules.js'
import type { SalesOrder } from '../state.js'
import { salesCancelled } from './cancel-sale.js'
import { released } from './release-coils.js'

/** Ends an order: its reservations are released, its sales taken back. What has left must have come back before. */
export function cancelSalesOrder(order: SalesOrder, reason: string): PlantFact[] {
  const { salesOrder } = order
  const coils = [...order.coils.values()]
  const gone = coils.filter(({ deliveryNote }) => deliveryNote !== undefined)
  const checks = new Checks()
  requireNotCancelled(checks, order)
  checks.require(
    gone.length === 0,
    'goods-dispatched',
    `${gone.length} ${gone.length === 1 ? 'coil' : 'coils'} of order ${salesOrder} left and did not come back: the order cannot be cancelled`,
    { salesOrder, coils: gone.map(({ coil }) => coil) },
  )
  checks.done()
  return [
    ...released(
      order,
      coils.filter(({ stage }) => stage === 'reserved'),
      reason,
    ),
    ...salesCancelled(
      order,
      coils.filter(({ stage }) => stage === 'sold'),
      reason,
    ),
    { type: 'SalesOrderCancelled', data: { salesOrder, reason } },
  ]
}
