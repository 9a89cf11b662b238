/**
 * Random sales of four coils on two orders, and a model so small that it is right by looking at it: where each coil is,
 * whose it is, and until when. What the model forbids must be refused, and what it allows must be recorded.
 */
import fc from 'fast-check'
import { coils } from '#domain/coil/state'
import type { PlantFact } from '#domain/events'
import { NOON, type World } from './given.js'
import {
  cancelOrder,
  deliver,
  dispatch,
  expire,
  extend,
  release,
  reserve,
  sell,
  takeBack,
  takeSaleBack,
} from './sales.js'

export const COILS = ['AZ-1', 'AZ-2', 'AZ-3', 'AZ-4']
export const ORDERS = ['SO-1', 'SO-2']
export const KG = 5000
/** Two coils fit a line, three do not. */
export const MOST_ON_LINE = 2
const DAY_MS = 86_400_000

export interface ModelCoil {
  place: 'stock' | 'dispatched' | 'delivered'
  held: boolean
  reserved?: { order: string; line: number; until: number; reservation: string }
  sold?: { order: string; line: number; deliveryNote?: string }
}

export class Model {
  now = NOON.now.getTime()
  readonly coils = new Map<string, ModelCoil>(COILS.map((coil) => [coil, { place: 'stock', held: false }]))
  readonly cancelled = new Set<string>()
  readonly notes = new Map<string, string>()
  readonly returned = new Map<string, number>()

  of(numbers: readonly string[]): ModelCoil[] {
    return numbers.map((number) => this.coils.get(number)!)
  }

  lapsed = ({ reserved }: ModelCoil): boolean => reserved !== undefined && reserved.until <= this.now

  /** What counts for the line now. */
  onLine(order: string, line: number): ModelCoil[] {
    return [...this.coils.values()].filter((coil) => {
      const on = coil.sold ?? (this.lapsed(coil) ? undefined : coil.reserved)
      return on?.order === order && on.line === line
    })
  }

  fits(order: string, line: number, coming: readonly ModelCoil[]): boolean {
    return new Set([...this.onLine(order, line), ...coming]).size <= MOST_ON_LINE
  }

  takeable(coil: ModelCoil, own?: { order: string; line: number }): boolean {
    const mine = own && coil.reserved?.order === own.order && coil.reserved.line === own.line
    return coil.place === 'stock' && !coil.held && !coil.sold && (mine || !coil.reserved || this.lapsed(coil))
  }
}

export interface Step {
  readonly name: string
  readonly decide: (world: World) => readonly PlantFact[]
  /** Changes the model and says true, or leaves it and says false. */
  readonly allowed: (model: Model) => boolean
}

const order = fc.constantFrom(...ORDERS)
const line = fc.constantFrom(1, 2)
const some = fc.subarray(COILS, { minLength: 1, maxLength: 3 })
const note = fc.constantFrom('DN-1', 'DN-2', 'DN-3')

const reserving = fc.record({ order, line, some, days: fc.integer({ min: 1, max: 9 }) }).map(
  ({ order, line, some, days }): Step => ({
    name: `reserve ${some} for ${order}/${line}, ${days} days`,
    decide: (world) =>
      reserve(some, { order, line, until: new Date(world.given.now.getTime() + days * DAY_MS).toISOString() })(world),
    allowed(model) {
      const wanted = model.of(some)
      if (model.cancelled.has(order) || !wanted.every((coil) => model.takeable(coil))) return false
      if (!model.fits(order, line, wanted)) return false
      const until = model.now + days * DAY_MS
      for (const coil of wanted) coil.reserved = { order, line, until, reservation: `of ${model.now}` }
      return true
    },
  }),
)

const selling = fc.record({ order, line, some }).map(
  ({ order, line, some }): Step => ({
    name: `sell ${some} on ${order}/${line}`,
    decide: sell(some, { order, line }),
    allowed(model) {
      const wanted = model.of(some)
      if (model.cancelled.has(order) || !wanted.every((coil) => model.takeable(coil, { order, line }))) return false
      if (!model.fits(order, line, wanted)) return false
      for (const coil of wanted) Object.assign(coil, { reserved: undefined, sold: { order, line } })
      return true
    },
  }),
)

const releasing = fc.record({ order, line, some }).map(
  ({ order, line, some }): Step => ({
    name: `release ${some} from ${order}/${line}`,
    decide: release({ coils: some }, { order, line }),
    allowed(model) {
      const wanted = model.of(some)
      if (!wanted.every(({ reserved }) => reserved?.order === order && reserved.line === line)) return false
      for (const coil of wanted) coil.reserved = undefined
      return true
    },
  }),
)

const takingSaleBack = fc.record({ order, line, some }).map(
  ({ order, line, some }): Step => ({
    name: `take the sale of ${some} on ${order}/${line} back`,
    decide: takeSaleBack(some, { order, line }),
    allowed(model) {
      const wanted = model.of(some)
      const here = ({ sold, place }: ModelCoil) => sold?.order === order && sold.line === line && place === 'stock'
      if (!wanted.every(here)) return false
      for (const coil of wanted) coil.sold = undefined
      return true
    },
  }),
)

const dispatching = fc.record({ order, some, note }).map(
  ({ order, some, note }): Step => ({
    name: `dispatch ${some} for ${order} with ${note}`,
    decide: dispatch(some, { order, deliveryNote: note }),
    allowed(model) {
      const wanted = model.of(some)
      if (model.notes.has(note) || !wanted.every((c) => c.sold?.order === order && c.place === 'stock' && !c.held)) {
        return false
      }
      model.notes.set(note, order)
      for (const coil of wanted)
        Object.assign(coil, { place: 'dispatched', sold: { ...coil.sold, deliveryNote: note } })
      return true
    },
  }),
)

const delivering = fc.record({ order, note }).map(
  ({ order, note }): Step => ({
    name: `deliver ${note} of ${order}`,
    decide: deliver(note, { order }),
    allowed(model) {
      const arrived = [...model.coils.values()].filter((c) => c.sold?.deliveryNote === note && c.place === 'dispatched')
      if (model.notes.get(note) !== order || arrived.length === 0) return false
      for (const coil of arrived) coil.place = 'delivered'
      return true
    },
  }),
)

const takingBack = fc.record({ order, some }).map(
  ({ order, some }): Step => ({
    name: `take ${some} of ${order} back`,
    decide: takeBack(some, { order }),
    allowed(model) {
      const wanted = model.of(some)
      if (!wanted.every((coil) => coil.sold?.order === order && coil.place !== 'stock')) return false
      for (const coil of wanted) {
        const key = `${order}/${coil.sold!.line}`
        model.returned.set(key, (model.returned.get(key) ?? 0) + KG)
        Object.assign(coil, { place: 'stock', held: true, sold: undefined })
      }
      return true
    },
  }),
)

const cancelling = order.map(
  (order): Step => ({
    name: `cancel ${order}`,
    decide: cancelOrder(order),
    allowed(model) {
      const all = [...model.coils.values()]
      const out = all.some((coil) => coil.sold?.order === order && coil.place !== 'stock')
      if (model.cancelled.has(order) || out) return false
      model.cancelled.add(order)
      for (const coil of all) {
        if (coil.reserved?.order === order) coil.reserved = undefined
        if (coil.sold?.order === order) coil.sold = undefined
      }
      return true
    },
  }),
)

/** By a coil that is reserved: the reservation has no name that the generator could know. */
const expiring = fc.constantFrom(...COILS).map(
  (number): Step => ({
    name: `expire the reservation of ${number}`,
    decide: (world) => {
      const { reservation } = world.get(coils, number)
      return reservation ? expire(reservation.reservation, { order: reservation.salesOrder })(world) : []
    },
    allowed(model) {
      const { reserved } = model.coils.get(number)!
      for (const coil of model.coils.values()) {
        if (model.lapsed(coil) && coil.reserved!.reservation === reserved?.reservation) coil.reserved = undefined
      }
      return true
    },
  }),
)

const extending = fc.record({ number: fc.constantFrom(...COILS), days: fc.integer({ min: 1, max: 9 }) }).map(
  ({ number, days }): Step => ({
    name: `extend the reservation of ${number}`,
    decide: (world) => {
      const { reservation } = world.get(coils, number)
      if (!reservation) return []
      const until = new Date(world.given.now.getTime() + days * DAY_MS).toISOString()
      const { salesOrder: order, line } = reservation
      return extend(reservation.reservation, until, { order, line })(world)
    },
    allowed(model) {
      const { reserved } = model.coils.get(number)!
      if (!reserved) return true
      if (reserved.until <= model.now) return false
      for (const coil of model.coils.values()) {
        if (coil.reserved?.reservation !== reserved.reservation) continue
        coil.reserved = { ...coil.reserved, until: model.now + days * DAY_MS }
      }
      return true
    },
  }),
)

/** Quality lets go of all that came back. */
const letGo = fc.constant<Step>({
  name: 'release all holds',
  decide: (world) =>
    COILS.flatMap((coil) =>
      world.get(coils, coil).holds.map(({ hold }): PlantFact => {
        return {
          type: 'CoilReleased',
          data: { coil, hold, reason: 'looked at', requestedBy: 'Ana Popescu', approvedBy: 'Ion Radu' },
        }
      }),
    ),
  allowed(model) {
    for (const coil of model.coils.values()) coil.held = false
    return true
  },
})

export const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: reserving },
    { weight: 4, arbitrary: selling },
    { weight: 3, arbitrary: dispatching },
    releasing,
    takingSaleBack,
    delivering,
    takingBack,
    expiring,
    extending,
    letGo,
    { weight: 1, arbitrary: cancelling },
  ),
  { minLength: 5, maxLength: 40 },
)
/** Hours that pass before each step. */
export const pauses = fc.array(fc.constantFrom(0, 1, 30, 80), { minLength: 40, maxLength: 40 })
