/** Some of what lies there is reserved, sold, dispatched and delivered. */
import type { PlantFact } from '#domain/events'
import type { Dice } from './dice.js'
import type { LyingCoil } from './lying-coil.js'

const CUSTOMERS = ['METALCO', 'FOLIENWERK', 'LAMINOX']
const COILS_OF_AN_ORDER = 5

export function trade(dice: Dice, coils: readonly LyingCoil[], lot: number, until: Date): PlantFact[] {
  const facts: PlantFact[] = []
  const wanted = coils.filter(() => dice.chance(24))
  for (let i = 0; i < wanted.length; i += COILS_OF_AN_ORDER) {
    const some = wanted.slice(i, i + COILS_OF_AN_ORDER)
    facts.push(...order(dice, some, `SO-${lot}-${i}`, until.toISOString()))
  }
  return facts
}

function order(dice: Dice, coils: readonly LyingCoil[], salesOrder: string, until: string): PlantFact[] {
  const customer = dice.one(CUSTOMERS)
  const kg = coils.reduce((sum, coil) => sum + coil.netWeightKg, 0)
  const { alloy, temper } = coils[0]!.product
  const specification = {
    ...{ alloy, temper, form: 'coil' as const },
    gaugeMm: { min: 0.2, max: 8 },
    widthMm: { min: 200, max: 1700 },
  }
  const reservation = `reservation-${salesOrder}`
  const onLine = { salesOrder, line: 1 }
  const shares = coils.map(({ coil, netWeightKg }) => ({ coil, kg: netWeightKg }))
  const facts: PlantFact[] = [
    {
      type: 'SalesOrderPlaced',
      data: { salesOrder, customer, lines: [{ line: 1, specification, kg, tolerancePercent: 10 }] },
    },
    { type: 'CoilsReserved', data: { ...onLine, reservation, coils: shares, until } },
    ...coils.map(({ coil }) => ({
      type: 'CoilReserved' as const,
      data: { coil, reservation, ...onLine, customer, until },
    })),
  ]
  if (dice.chance(40)) return facts
  facts.push({ type: 'CoilsSold', data: { ...onLine, coils: shares } })
  for (const { coil, owner, netWeightKg } of coils) {
    const mandate = owner === 'AZAL' ? { mandate: 'AZAL-MANDATE-1' } : {}
    facts.push({ type: 'CoilSold', data: { coil, ...onLine, customer, owner, ...mandate, netWeightKg } })
  }
  if (dice.chance(30)) return facts
  return [...facts, ...leaving(coils, salesOrder, customer, kg, dice.chance(80))]
}

function leaving(
  coils: readonly LyingCoil[],
  salesOrder: string,
  customer: string,
  kg: number,
  delivered: boolean,
): PlantFact[] {
  const deliveryNote = `DEL-${salesOrder}`
  const parcels = coils.map(({ coil, netWeightKg }) => ({ coil, line: 1, kg: netWeightKg }))
  const note = { deliveryNote, salesOrder, customer, coils: parcels, kg }
  return [
    { type: 'GoodsDispatched', data: { salesOrder, deliveryNote, coils: parcels, kg } },
    { type: 'DeliveryNoteIssued', data: { ...note, carrier: 'Danube Cargo', vehicle: 'B-77-CTR', issuedBy: 'op-4' } },
    ...coils.flatMap(({ coil, netWeightKg, location }): PlantFact[] => [
      { type: 'CoilDispatched', data: { coil, salesOrder, deliveryNote, customer, netWeightKg, from: location } },
      { type: 'CoilTaken', data: { location, coil } },
      ...(delivered ? [{ type: 'CoilDelivered' as const, data: { coil, salesOrder, deliveryNote } }] : []),
    ]),
    ...(delivered
      ? [{ type: 'GoodsDelivered' as const, data: { salesOrder, deliveryNote, coils: coils.map(({ coil }) => coil) } }]
      : []),
  ]
}
