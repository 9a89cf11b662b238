/** What people try in the model's plant, whether it makes sense or not: the request, the rules it breaks, what it changes. */
import fc from 'fast-check'
import type { Role } from '#platform/identity/roles'
import type { ModelCoil, PlantModel } from './plant-model.js'

export interface Deed {
  readonly as: Role
  readonly path: string
  readonly body: object
  /** The coil whose revision `If-Match` may name. */
  readonly about?: string
  /** Rules of the plant that refuse it; none when it must be recorded. */
  readonly breaks: readonly string[]
  /** It is asked for, and done once a second person approves. */
  readonly takesTwo?: boolean
  /** Changes the model; `key` is the command's id. */
  happen(key: string): void
}

/** A deed as it is when its turn comes. */
export type Plan = (model: PlantModel) => Deed

export const COILS = 12
const coil = fc.integer({ min: 1, max: COILS })
const someCoils = fc.uniqueArray(coil, { minLength: 1, maxLength: 2 })
const two = fc.integer({ min: 1, max: 2 })
const place = fc.constantFrom<'YARD' | 'bay'>('YARD', 'bay')

const rules = (...broken: (string | false | undefined)[]) => broken.filter((rule) => typeof rule === 'string')
const placeOf = (model: PlantModel, where: 'YARD' | 'bay') => (where === 'bay' ? model.names.bay : 'YARD')

/** A deed about one coil, which must be known. */
function aboutCoil(
  model: PlantModel,
  n: number,
  deed: (coil: ModelCoil, number: string) => Omit<Deed, 'path' | 'about'>,
  verb: string,
): Deed {
  const number = model.names.coil(n)
  const known = model.coils.get(number)
  const path = `/api/coils/${number}/${verb}`
  if (known) return { ...deed(known, number), path, about: number }
  const nowhere: ModelCoil = { physical: 'in-stock', owner: '', kg: 9000, place: '', holds: new Set(), mothers: [] }
  return { ...deed(nowhere, number), path, breaks: ['unknown-coil'], happen() {} }
}

const notFree = (coil: ModelCoil, forOrder?: string) =>
  coil.sold ? 'coil-sold' : coil.reserved && coil.reserved !== forOrder && 'coil-reserved'

interface Receipt {
  readonly n: number
  readonly kg: number
  readonly gaveMandate: boolean
  readonly where: 'YARD' | 'bay'
}

export const receipt =
  ({ n, kg, gaveMandate, where }: Receipt): Plan =>
  (model) => {
    const number = model.names.coil(n)
    const owner = gaveMandate ? model.names.giver : model.names.keeper
    const location = placeOf(model, where)
    const product = { alloy: 'EN AW-8011A', temper: 'F', gaugeMm: 7, widthMm: 1250, innerDiameterMm: 508 }
    const told = { supplier: 'AZAL', owner, castNumber: 'G26-3107', product, location }
    return {
      as: 'operator',
      path: '/api/receipts',
      body: { coils: [{ coil: number, netWeightKg: kg, ...told }] },
      breaks: rules(model.knows(number) && 'coil-number-used', model.full(location) && 'location-full'),
      happen() {
        model.inKg += kg
        model.coils.set(number, { physical: 'in-stock', owner, kg, place: location, holds: new Set(), mothers: [] })
      },
    }
  }

const receive = fc
  .record({ n: coil, kg: fc.integer({ min: 7000, max: 9999 }), gaveMandate: fc.boolean(), where: place })
  .map(receipt)

const move = fc.record({ n: coil, where: place }).map(
  ({ n, where }): Plan =>
    (model) => {
      const to = placeOf(model, where)
      return aboutCoil(
        model,
        n,
        (coil) => ({
          as: 'operator',
          body: { to },
          breaks: rules(
            coil.physical !== 'in-stock' && 'coil-not-in-stock',
            coil.place === to && 'coil-already-there',
            model.full(to) && 'location-full',
          ),
          happen() {
            coil.place = to
          },
        }),
        'move',
      )
    },
)

const weigh = fc.record({ n: coil, gainKg: fc.integer({ min: -9, max: 9 }) }).map(
  ({ n, gainKg }): Plan =>
    (model) =>
      aboutCoil(
        model,
        n,
        (coil) => ({
          as: 'operator',
          body: { netWeightKg: coil.kg + gainKg, scale: 'HALL-2' },
          breaks: rules(coil.physical !== 'in-stock' && 'coil-not-in-stock'),
          happen() {
            coil.kg += gainKg
            model.inKg += gainKg
          },
        }),
        'weigh',
      ),
)

const hold = coil.map(
  (n): Plan =>
    (model) =>
      aboutCoil(
        model,
        n,
        (coil, number) => {
          const below = model.knows(number) ? model.descendants(number).filter(model.isOnHand) : []
          const consumed = coil.physical === 'consumed'
          return {
            as: 'quality',
            body: { reason: 'surface' },
            breaks: rules(
              consumed && below.length === 0 && 'nothing-to-hold',
              !consumed && !['in-stock', 'in-process'].includes(coil.physical) && 'coil-not-on-hand',
            ),
            happen(key) {
              for (const held of [number, ...below]) model.coil(held).holds.add(`hold-${key}`)
            },
          }
        },
        'hold',
      ),
)

const release = coil.map(
  (n): Plan =>
    (model) =>
      aboutCoil(
        model,
        n,
        (coil, number) => {
          const [first] = coil.holds
          return {
            as: 'quality',
            body: { hold: first ?? 'hold-of-nobody', reason: 'looked at' },
            takesTwo: true,
            breaks: rules(!first && 'no-such-hold', coil.physical === 'scrapped' && 'coil-scrapped'),
            happen() {
              const below = model.descendants(number).filter((child) => model.coil(child).physical !== 'scrapped')
              for (const free of [number, ...below]) model.coil(free).holds.delete(first!)
            },
          }
        },
        'release',
      ),
)

const scrap = coil.map(
  (n): Plan =>
    (model) =>
      aboutCoil(
        model,
        n,
        (coil) => ({
          as: 'quality',
          body: { kind: 'process-scrap', reason: 'crushed by the crane' },
          breaks: rules(coil.physical !== 'in-stock' && 'coil-not-in-stock', notFree(coil)),
          happen() {
            Object.assign(coil, { physical: 'scrapped', place: undefined })
            model.scrapKg += coil.kg
          },
        }),
        'scrap',
      ),
)

const transfer = fc.record({ n: coil, toGiver: fc.boolean() }).map(
  ({ n, toGiver }): Plan =>
    (model) =>
      aboutCoil(
        model,
        n,
        (coil) => {
          const to = toGiver ? model.names.giver : model.names.keeper
          return {
            as: 'planner',
            body: { to, reason: 'bought' },
            breaks: rules(
              coil.physical !== 'in-stock' && 'coil-not-at-rest',
              notFree(coil),
              coil.owner === to && 'title-unchanged',
            ),
            happen() {
              coil.owner = to
            },
          }
        },
        'transfer-title',
      ),
)

/** Those that end a coil or an order for good are left out: they must be rare, or soon nothing is left to try. */
export const ordinary = [receive, move, weigh, hold, release, release, release, transfer]
export { coil, notFree, place, placeOf, rules, scrap, someCoils, two }
