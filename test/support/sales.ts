/** Sales decisions as a specification says them: what a handler reads for each is read from the facts given. */
import { coils } from '#domain/coil/state'
import type { PlantFact } from '#domain/events'
import { packs } from '#domain/pack/state'
import { locations, partners, plants } from '#domain/plant/state'
import { cancelSale } from '#domain/sales/decide/cancel-sale'
import { cancelSalesOrder } from '#domain/sales/decide/cancel-sales-order'
import { coilsUnderWay, deliverGoods } from '#domain/sales/decide/deliver-goods'
import { dispatchGoods } from '#domain/sales/decide/dispatch-goods'
import { expireReservation } from '#domain/sales/decide/expire-reservation'
import { coilsReservedBy, extendReservation } from '#domain/sales/decide/extend-reservation'
import { releaseCoils } from '#domain/sales/decide/release-coils'
import { type Reserving, reserveCoils } from '#domain/sales/decide/reserve-coils'
import { type Reweighed, returnGoods } from '#domain/sales/decide/return-goods'
import { type Selling, sellCoils } from '#domain/sales/decide/sell-coils'
import { ownersToAsk, type Sellers } from '#domain/sales/mandate'
import { deliveryNotes, salesOrders } from '#domain/sales/state'
import {
  alloyDefined,
  coilReceived,
  partnerRegistered,
  plantConfigured,
  salesOrderPlaced,
  temperDefined,
} from './facts.js'
import type { World } from './given.js'

/** A plant that owns its coils, a customer with an order, and one coil that it asks for. */
export const market: readonly PlantFact[] = [
  plantConfigured(),
  partnerRegistered({ partner: 'METALCO', name: 'Metalco', country: 'RO', roles: ['customer'] }),
  alloyDefined(),
  temperDefined('F'),
  salesOrderPlaced(),
]

/** A coil of the plant's own metal. */
export const ownCoil = (coil = 'AZ-1', data: Parameters<typeof coilReceived>[0] = {}) =>
  coilReceived({ coil, owner: 'ALRO', ...data })

type Decided = (world: World) => readonly PlantFact[]
/** Told for order SO-1, line 1, unless said otherwise. */
interface On {
  readonly order?: string
  readonly line?: number
}

const coilsOf = (world: World, numbers: readonly string[]) => numbers.map((number) => world.get(coils, number))

const sellersOf = (world: World, numbers: readonly string[]): Sellers => {
  const plant = world.get(plants, 'main')
  const owners = ownersToAsk(coilsOf(world, numbers), plant).map((owner) => world.find(partners, owner))
  return { plant, owners: owners.filter((owner) => owner !== undefined) }
}

export const reserve =
  (numbers: readonly string[], { order = 'SO-1', line = 1, ...rest }: On & Partial<Reserving> = {}): Decided =>
  (world) =>
    reserveCoils(
      world.get(salesOrders, order),
      coilsOf(world, numbers),
      { ...rest, line },
      sellersOf(world, numbers),
      world.given,
    )

export const sell =
  (numbers: readonly string[], { order = 'SO-1', line = 1, ...rest }: On & Partial<Selling> = {}): Decided =>
  (world) =>
    sellCoils(
      world.get(salesOrders, order),
      coilsOf(world, numbers),
      { ...rest, line },
      sellersOf(world, numbers),
      world.given,
    )

export const extend =
  (reservation: string, until: string, { order = 'SO-1', line = 1 }: On = {}): Decided =>
  (world) =>
    extendReservation(world.get(salesOrders, order), { line, reservation, until }, world.given)

export const release =
  (what: { reservation: string } | { coils: readonly string[] }, { order = 'SO-1', line = 1 }: On = {}): Decided =>
  (world) =>
    releaseCoils(world.get(salesOrders, order), { ...what, line, reason: 'not needed' })

export const expire =
  (reservation: string, { order = 'SO-1' }: On = {}): Decided =>
  (world) => {
    const reserved = coilsReservedBy(world.get(salesOrders, order), reservation)
    return expireReservation(reservation, coilsOf(world, reserved), world.given)
  }

export const takeSaleBack =
  (numbers: readonly string[], { order = 'SO-1', line = 1 }: On = {}): Decided =>
  (world) =>
    cancelSale(world.get(salesOrders, order), { line, coils: numbers, reason: 'customer withdrew' })

export const cancelOrder =
  (order = 'SO-1'): Decided =>
  (world) =>
    cancelSalesOrder(world.get(salesOrders, order), 'customer withdrew')

export const dispatch =
  (
    numbers: readonly string[],
    { order = 'SO-1', deliveryNote = 'DN-1' }: On & { deliveryNote?: string } = {},
  ): Decided =>
  (world) => {
    const leaving = coilsOf(world, numbers)
    const skids = leaving.flatMap(({ pack }) => (pack ? [world.get(packs, pack)] : []))
    const packMates = coilsOf(
      world,
      skids.flatMap((skid) => skid.coils),
    )
    const noteWithNumber = world.find(deliveryNotes, deliveryNote)
    return dispatchGoods(
      world.get(salesOrders, order),
      leaving,
      { deliveryNote },
      { packMates, ...(noteWithNumber && { noteWithNumber }) },
      world.given,
    )
  }

export const deliver =
  (deliveryNote = 'DN-1', { order: number = 'SO-1' }: On = {}): Decided =>
  (world) => {
    const order = world.get(salesOrders, number)
    const arrived = coilsOf(world, coilsUnderWay(order, deliveryNote))
    return deliverGoods(order, world.find(deliveryNotes, deliveryNote), arrived, deliveryNote)
  }

export const takeBack =
  (
    numbers: readonly string[],
    {
      order = 'SO-1',
      to = 'Q',
      weighed = [],
      madeFrom = [],
    }: On & { to?: string; weighed?: readonly Reweighed[]; madeFrom?: readonly string[] } = {},
  ): Decided =>
  (world) =>
    returnGoods(
      world.get(salesOrders, order),
      coilsOf(world, numbers),
      world.get(locations, to),
      {
        weighed,
        madeFrom: coilsOf(world, madeFrom),
        company: world.get(plants, 'main').company,
        reason: 'scratched',
      },
      world.given,
    )
