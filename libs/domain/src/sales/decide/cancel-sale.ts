import { requireEachOnce } from '../../coil/rules.js'
import type { PlantFact } from '../../events.js'
import { Checks } from '../../refusal.js'
import { lineOf } from '../rules.js'
import type { CoilOnOrder, SalesOrder } from '../state.js'

export interface CancellingSale {
  readonly line: number
  readonly coils: readonly string[]
  readonly reason: string
}

/** Takes back the sale of coils that have not left. They are free again. */
export function cancelSale(order: SalesOrder, { line, coils, reason }: CancellingSale): PlantFact[] {
  lineOf(order, line)
  const { salesOrder } = order
  const checks = new Checks()
  requireEachOnce(checks, coils, (i) => `/coils/${i}`)
  coils.forEach((coil, i) => {
    const known = order.coils.get(coil)
    const field = `/coils/${i}`
    if (known?.line === line && known.deliveryNote) {
      checks.add({
        rule: 'coil-dispatched',
        message: `coil ${coil} left with delivery note ${known.deliveryNote}; it must be returned first`,
        values: { coil, salesOrder, deliveryNote: known.deliveryNote },
        field,
      })
    } else {
      checks.require(
        known?.line === line && known.stage === 'sold',
        'coil-not-sold',
        `coil ${coil} is not sold on line ${line} of order ${salesOrder}`,
        { coil, salesOrder, line },
        field,
      )
    }
  })
  checks.done()
  return salesCancelled(
    order,
    coils.map((coil) => order.coils.get(coil)!),
    reason,
  )
}

/** Takes sales back, on the order's history and on each coil's. */
export function salesCancelled({ salesOrder }: SalesOrder, coils: readonly CoilOnOrder[], reason: string): PlantFact[] {
  return [...Map.groupBy(coils, (coil) => coil.line)].flatMap(([line, together]): PlantFact[] => [
    {
      type: 'SaleCancelled',
      data: { salesOrder, line, coils: together.map(({ coil, kg }) => ({ coil, kg })), reason },
    },
    ...together.map(({ coil }): PlantFact => ({ type: 'CoilSaleCancelled', data: { coil, salesOrder, reason } })),
  ])
}
