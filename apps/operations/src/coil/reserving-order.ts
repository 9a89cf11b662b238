import { type Coil, coils } from '#domain/coil/state'
import { salesOrders } from '#domain/sales/state'
import type { History } from '../pipeline/history.js'

/** The coil, and the order that reserved it: a reservation that is over ends on that order's history, too. */
export async function withReservingOrder(history: History, number: string): Promise<Coil> {
  const coil = await history.get(coils, number)
  if (coil.reservation) await history.find(salesOrders, [coil.reservation.salesOrder])
  return coil
}
