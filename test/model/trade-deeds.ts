/** What sales and dispatch try; see deeds.ts. Two orders, each with one line that asks for anything. */
import fc from 'fast-check'
import { type Deed, notFree, type Plan, rules, someCoils, two } from './deeds.js'
import type { ModelCoil, PlantModel } from './plant-model.js'

/** A deed about some coils on an order. */
const onOrder = (deed: (about: OnOrder) => Omit<Deed, 'path'> & { path: string }) =>
  fc.record({ order: two, numbers: someCoils, note: fc.integer({ min: 1, max: 5 }) }).map(
    ({ order, numbers, note }): Plan =>
      (model) => {
        const coils = numbers.map(model.names.coil)
        const known = coils.filter((coil) => model.knows(coil)).map(model.coil)
        const salesOrder = model.names.salesOrder(order)
        const made = deed({ model, salesOrder, coils, known, note: model.names.note(note) })
        return { ...made, path: `/api/sales-orders/${salesOrder}${made.path}` }
      },
  )

interface OnOrder {
  readonly model: PlantModel
  readonly salesOrder: string
  readonly coils: readonly string[]
  /** Those of the coils that there are. */
  readonly known: readonly ModelCoil[]
  readonly note: string
}

/** All of them, or the one rule that they are unknown, which is looked at first. */
const ofAll = ({ coils, known }: OnOrder, broken: (coil: ModelCoil) => (string | false | undefined)[]) =>
  known.length < coils.length ? ['unknown-coil'] : rules(...known.flatMap(broken))

/** Rules 2, 3 and 8. */
const unpromisable = ({ model }: OnOrder, coil: ModelCoil, forOrder?: string) => [
  coil.physical !== 'in-stock' && 'coil-not-at-rest',
  coil.holds.size > 0 && 'coil-on-hold',
  notFree(coil, forOrder),
  coil.owner === model.names.keeper && 'no-sales-mandate',
]
const cancelled = ({ model, salesOrder }: OnOrder) => rules(model.cancelled.has(salesOrder) && 'sales-order-cancelled')

const reserve = onOrder((about) => ({
  as: 'sales',
  path: '/lines/1/reserve',
  body: { coils: about.coils },
  breaks: [...cancelled(about), ...ofAll(about, (coil) => unpromisable(about, coil))],
  happen() {
    for (const coil of about.known) coil.reserved = about.salesOrder
  },
}))

const sell = onOrder((about) => ({
  as: 'sales',
  path: '/lines/1/sell',
  body: { coils: about.coils },
  breaks: [...cancelled(about), ...ofAll(about, (coil) => unpromisable(about, coil, about.salesOrder))],
  happen() {
    for (const coil of about.known) {
      Object.assign(coil, { reserved: undefined, sold: { order: about.salesOrder, seller: coil.owner } })
    }
  },
}))

const releaseReserved = onOrder((about) => ({
  as: 'sales',
  path: '/lines/1/release',
  body: { coils: about.coils, reason: 'not needed' },
  breaks: [...ofAll(about, ({ reserved }) => [reserved !== about.salesOrder && 'coil-not-reserved'])],
  happen() {
    for (const coil of about.known) coil.reserved = undefined
  },
}))

const cancelSale = onOrder((about) => ({
  as: 'sales',
  path: '/lines/1/cancel-sale',
  body: { coils: about.coils, reason: 'customer withdrew' },
  breaks: ofAll(about, ({ sold }) => [
    sold?.order !== about.salesOrder ? 'coil-not-sold' : sold.note !== undefined && 'coil-dispatched',
  ]),
  happen() {
    for (const coil of about.known) coil.sold = undefined
  },
}))

const dispatch = onOrder((about) => ({
  as: 'operator',
  path: '/dispatch',
  body: { coils: about.coils, deliveryNote: about.note },
  breaks: [
    ...cancelled(about),
    ...ofAll(about, ({ sold, physical, holds }) => [
      sold?.order !== about.salesOrder && 'coil-not-sold',
      physical !== 'in-stock' && 'coil-not-at-rest',
      holds.size > 0 && 'coil-on-hold',
      about.model.notes.has(about.note) && 'delivery-note-number-used',
    ]),
  ],
  happen() {
    about.model.notes.set(about.note, about.salesOrder)
    for (const coil of about.known) {
      Object.assign(coil, { physical: 'dispatched', place: undefined, sold: { ...coil.sold, note: about.note } })
    }
  },
}))

const deliver = onOrder(({ model, salesOrder, note }) => {
  const underWay = [...model.coils.values()].filter((c) => c.sold?.note === note && c.physical === 'dispatched')
  return {
    as: 'operator',
    path: '/deliver',
    body: { deliveryNote: note },
    breaks: rules(
      model.notes.get(note) !== salesOrder ? 'unknown-delivery-note' : underWay.length === 0 && 'nothing-under-way',
    ),
    happen() {
      for (const coil of underWay) Object.assign(coil, { physical: 'delivered', owner: 'METALCO' })
    },
  }
})

const takeBack = onOrder((about) => ({
  as: 'operator',
  path: '/return',
  body: { coils: about.coils.map((coil) => ({ coil })), to: 'YARD', reason: 'telescoped in transit' },
  breaks: ofAll(about, ({ sold }) => [
    (sold?.order !== about.salesOrder || sold.note === undefined) && 'coil-not-dispatched',
  ]),
  happen(key) {
    const { model, coils } = about
    for (const number of coils) {
      const coil = model.coil(number)
      const inherited = model.ancestors(number).flatMap((mother) => [...model.coil(mother).holds])
      for (const hold of [`hold-${key}`, ...inherited]) coil.holds.add(hold)
      Object.assign(coil, { physical: 'in-stock', place: 'YARD', owner: coil.sold!.seller, sold: undefined })
    }
  },
}))

const cancel = onOrder((about) => {
  const { model, salesOrder } = about
  const all = [...model.coils.values()]
  const out = all.some((coil) => coil.sold?.order === salesOrder && coil.sold.note !== undefined)
  return {
    as: 'sales',
    path: '/cancel',
    body: { reason: 'customer withdrew' },
    breaks: [...cancelled(about), ...rules(out && 'goods-dispatched')],
    happen() {
      model.cancelled.add(salesOrder)
      for (const coil of all) {
        if (coil.reserved === salesOrder) coil.reserved = undefined
        if (coil.sold?.order === salesOrder) coil.sold = undefined
      }
    },
  }
})

export const trade = [reserve, reserve, sell, sell, dispatch, dispatch, releaseReserved, cancelSale, deliver, takeBack]
export { cancel }
