import type { Coil } from '#domain/coil/state'
import { partners, plants } from '#domain/plant/state'
import { ownersToAsk, type Sellers } from '#domain/sales/mandate'
import { ordersThatLapsed } from '#domain/sales/reservations'
import { salesOrders } from '#domain/sales/state'
import type { History } from '../pipeline/history.js'

/** The plant, and the owners whose metal it is, with their mandates. */
export async function sellersOf(history: History, coils: readonly Coil[]): Promise<Sellers> {
  const plant = await history.get(plants, 'main')
  const owners = await history.find(partners, ownersToAsk(coils, plant))
  return { plant, owners: owners.filter((owner) => owner !== undefined) }
}

/** Other orders whose reservations on these coils are over are written to as well, and so must be read. */
export async function readLapsed(history: History, coils: readonly Coil[], salesOrder: string, now: Date) {
  await history.find(salesOrders, ordersThatLapsed(coils, salesOrder, now))
}
