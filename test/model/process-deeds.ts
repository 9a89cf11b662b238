/** What planners and lines try; see deeds.ts. One coil is divided in two, or some are joined to one. */
import fc from 'fast-check'
import { shareOut, sumKg } from '#domain/mass'
import { coil, type Deed, notFree, type Plan, place, placeOf, rules } from './deeds.js'
import type { ModelCoil, ModelOrder, PlantModel } from './plant-model.js'

const orderNumber = fc.integer({ min: 1, max: 6 })
const LINES = { divide: 'DIVIDE-1', join: 'JOIN-1' } as const

const ownersDiffer = (coils: readonly ModelCoil[]) => new Set(coils.map(({ owner }) => owner)).size > 1

const plan = fc
  .record({
    order: orderNumber,
    step: fc.constantFrom('divide' as const, 'join' as const),
    numbers: fc.uniqueArray(coil, { minLength: 1, maxLength: 3 }),
  })
  .map(
    ({ order, step, numbers }): Plan =>
      (model) => {
        const processOrder = model.names.processOrder(order)
        const inputs = (step === 'divide' ? numbers.slice(0, 1) : numbers).map(model.names.coil)
        const known = inputs.filter((input) => model.knows(input)).map(model.coil)
        const gone = known.some(({ physical }) => physical !== 'in-stock' && physical !== 'in-process')
        return {
          as: 'planner',
          path: '/api/process-orders',
          body: { processOrder, line: LINES[step], step, inputs },
          breaks:
            known.length < inputs.length
              ? ['unknown-coil']
              : rules(
                  model.processOrders.has(processOrder) && 'process-order-number-used',
                  gone && 'coil-gone',
                  step === 'join' && inputs.length < 2 && 'join-needs-two',
                  ownersDiffer(known) && 'owners-differ',
                ),
          happen() {
            model.processOrders.set(processOrder, { status: 'planned', step, inputs })
          },
        }
      },
  )

/** A deed about an order, which must be known. */
const onOrder = <Told>(
  told: fc.Arbitrary<Told>,
  verb: string,
  deed: (order: ModelOrder, inputs: readonly ModelCoil[], model: PlantModel, told: Told) => Omit<Deed, 'path' | 'as'>,
) =>
  fc.record({ order: orderNumber, told }).map(
    ({ order, told }): Plan =>
      (model) => {
        const number = model.names.processOrder(order)
        const known = model.processOrders.get(number)
        const nobody: ModelOrder = { status: 'planned', step: 'divide', inputs: [] }
        const made = deed(known ?? nobody, (known ?? nobody).inputs.map(model.coil), model, told)
        const path = `/api/process-orders/${number}/${verb}`
        return { as: 'operator', ...made, path, ...(!known && { breaks: ['unknown-process-order'] }) }
      },
  )

const start = onOrder(fc.constant(undefined), 'start', (order, inputs) => ({
  body: {},
  breaks:
    order.status !== 'planned'
      ? ['process-order-not-planned']
      : rules(
          ...inputs.flatMap((coil) =>
            coil.physical !== 'in-stock'
              ? ['coil-not-in-stock']
              : [coil.holds.size > 0 && 'coil-on-hold', notFree(coil)],
          ),
          ownersDiffer(inputs) && 'owners-differ',
        ),
  happen() {
    order.status = 'started'
    for (const coil of inputs) Object.assign(coil, { physical: 'in-process', place: undefined })
  },
}))

const completion = fc.record({
  children: fc.uniqueArray(coil, { minLength: 2, maxLength: 2 }),
  where: place,
  scrapKg: fc.integer({ min: 0, max: 60 }),
  /** Scales disagree by a little; 900 kg is a slip of the finger. */
  surplusKg: fc.constantFrom(0, -7, 5, 900, -900),
})

const complete = onOrder(completion, 'complete', (order, inputs, model, told) => {
  const children = (order.step === 'join' ? told.children.slice(0, 1) : told.children).map(model.names.coil)
  const inKg = sumKg(inputs.map(({ kg }) => kg))
  const weights = shareOut(
    Math.max(inKg - told.scrapKg + told.surplusKg, children.length),
    children.map(() => 1),
  )
  const location = placeOf(model, told.where)
  return {
    body: {
      outputs: children.map((child, i) => ({ coil: child, netWeightKg: weights[i], location, confirmed: true })),
      scrapKg: told.scrapKg,
    },
    breaks:
      order.status !== 'started'
        ? ['process-order-not-started']
        : rules(
            children.some((child) => model.knows(child)) && 'coil-number-used',
            Math.abs(told.surplusKg) > 20 && 'mass-out-of-balance',
            model.full(location, children.length) && 'location-full',
          ),
    happen() {
      order.status = 'completed'
      model.scrapKg += told.scrapKg
      model.differenceKg -= told.surplusKg
      const inherited = inputs.flatMap((mother) => [...mother.holds])
      for (const mother of inputs) Object.assign(mother, { physical: 'consumed', place: undefined })
      const { owner } = inputs[0]!
      children.forEach((child, i) => {
        const made = { kg: weights[i]!, place: location, holds: new Set(inherited), mothers: order.inputs }
        model.coils.set(child, { physical: 'in-stock', owner, ...made })
      })
    },
  }
})

const abort = onOrder(place, 'abort', (order, inputs, model, where) => {
  const location = placeOf(model, where)
  return {
    body: { reason: 'the line broke', location },
    breaks: rules(
      order.status === 'planned' || order.status === 'started'
        ? order.status === 'started' && model.full(location, inputs.length) && 'location-full'
        : 'process-order-closed',
    ),
    happen() {
      const started = order.status === 'started'
      order.status = 'aborted'
      if (started) for (const coil of inputs) Object.assign(coil, { physical: 'in-stock', place: location })
    },
  }
})

export const processing = [plan, plan, start, start, complete, complete, abort]
