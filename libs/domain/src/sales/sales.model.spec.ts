import fc from 'fast-check'
import { coils } from '#domain/coil/state'
import type { PlantFact } from '#domain/events'
import { Refused } from '#domain/refusal'
import { locationDefined, orderLine, salesOrderPlaced } from '#test/support/facts'
import { given, NOON, type World } from '#test/support/given'
import { market, ownCoil } from '#test/support/sales'
import { COILS, KG, MOST_ON_LINE, Model, type ModelCoil, ORDERS, pauses, steps } from '#test/support/sales-model'
import { progressOf, salesOrders } from './state.js'

const lines = [1, 2].map((line) => orderLine({ line, kg: MOST_ON_LINE * KG, tolerancePercent: 0 }))

describe('sales of a few coils, in any order', () => {
  it('agree with the model: one reservation, one sale, only sold coils leave, kg per line add up', () => {
    let recorded = 0
    fc.assert(
      fc.property(steps, pauses, (steps, pauses) => {
        const model = new Model()
        const facts: PlantFact[] = [
          ...market,
          ...ORDERS.map((salesOrder) => salesOrderPlaced({ salesOrder, lines })),
          ...COILS.map((coil) => ownCoil(coil, { netWeightKg: KG })),
          locationDefined({ location: 'Q' }),
        ]
        steps.forEach(({ name, decide, allowed }, i) => {
          model.now += pauses[i]! * 3_600_000 + 1
          const now = new Date(model.now)
          const told = { ...NOON, now, occurredAt: now.toISOString(), commandId: `command-${i}` }
          const world = worldOf(facts, told)
          const outcome = attempt(() => decide(world))
          expect([name, outcome instanceof Refused ? 'refused' : 'recorded']).toEqual([
            name,
            allowed(model) ? 'recorded' : 'refused',
          ])
          if (outcome instanceof Refused) return
          facts.push(...outcome)
          recorded += outcome.length
          assertAgree(worldOf(facts, told), model)
        })
      }),
      { numRuns: 150 },
    )
    expect(recorded).toBeGreaterThan(500)
  })
})

function worldOf(facts: readonly PlantFact[], told: World['given']): World {
  let world: World | undefined
  given(...facts).when((seen) => {
    world = { ...seen, given: told }
    return []
  })
  return world!
}

function attempt(decide: () => readonly PlantFact[]): readonly PlantFact[] | Refused {
  try {
    return decide()
  } catch (error) {
    if (error instanceof Refused) return error
    throw error
  }
}

const PHYSICAL = { stock: 'in-stock', dispatched: 'dispatched', delivered: 'delivered' } as const

function assertAgree(world: World, model: Model): void {
  for (const [number, { place, held, reserved, sold }] of model.coils) {
    const coil = world.get(coils, number)
    expect({
      physical: coil.physical,
      held: coil.holds.length > 0,
      owner: coil.owner,
      commercial: coil.commercial,
      reservedFor: coil.reservation && `${coil.reservation.salesOrder}/${coil.reservation.line}`,
      soldOn: coil.sale && `${coil.sale.salesOrder}/${coil.sale.line}`,
      onOrders: ORDERS.filter((order) => world.get(salesOrders, order).coils.has(number)),
    }).toEqual({
      physical: PHYSICAL[place],
      held,
      owner: place === 'delivered' ? 'METALCO' : 'ALRO',
      commercial: sold ? 'sold' : reserved ? 'reserved' : 'free',
      reservedFor: reserved && `${reserved.order}/${reserved.line}`,
      soldOn: sold && `${sold.order}/${sold.line}`,
      onOrders: [sold?.order ?? reserved?.order].filter((order) => order !== undefined),
    })
  }
  for (const number of ORDERS) {
    const order = world.get(salesOrders, number)
    for (const line of order.lines) {
      const kgOf = (test: (coil: ModelCoil) => boolean) => KG * [...model.coils.values()].filter(test).length
      const isOn = (on: { order: string; line: number } | undefined) => on?.order === number && on.line === line.line
      expect(progressOf(order, line)).toEqual({
        orderedKg: MOST_ON_LINE * KG,
        reservedKg: kgOf(({ reserved }) => isOn(reserved)),
        soldKg: kgOf(({ sold, place }) => isOn(sold) && place === 'stock'),
        dispatchedKg: kgOf(({ sold, place }) => isOn(sold) && place === 'dispatched'),
        deliveredKg: kgOf(({ sold, place }) => isOn(sold) && place === 'delivered'),
        returnedKg: model.returned.get(`${number}/${line.line}`) ?? 0,
      })
    }
  }
}
