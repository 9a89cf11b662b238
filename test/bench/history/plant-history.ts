/**
 * The history of a plant as large as wanted, as facts: coils arrive, are inspected, moved, weighed, held, slit, rolled,
 * reserved, sold and dispatched. Not by way of commands, which would take minutes: straight as what they would record.
 */
import type { PlantFact } from '#domain/events'
import { foundPlant } from '#domain/plant/decide/found-plant'
import { stored } from '#domain/plant/placement'
import { Dice } from './dice.js'
import { HALLS, type Happening, type LyingCoil } from './lying-coil.js'
import { processCoils } from './process.js'
import { trade } from './trade.js'

export const ALLOYS = ['1050A', '8011A', '3003', '3105', '8079', '1200', '3004', '8006', '5005A', '1235']
export const OWNERS = ['AZAL', 'ALRO']
const MOTHERS_AT_ONCE = 200
const WHOLE_HISTORY_MS = 330 * 86_400_000

/** About as many coils, mothers and those made from them, as `coils`; the youngest are from yesterday. */
export function* plantHistory(coils: number, seed = 7): Generator<Happening> {
  const dice = new Dice(seed)
  const yesterday = Date.now() - 86_400_000
  yield { facts: [...foundPlant(undefined), ...halls()], occurredAt: new Date(yesterday - WHOLE_HISTORY_MS) }
  // Still to come: the product ends those that are over, and would be busy with it.
  const until = new Date(Date.now() + 30 * 86_400_000)
  let made = 0
  for (let lot = 0; made < coils; lot++) {
    const arrivedAt = yesterday - WHOLE_HISTORY_MS * (1 - made / coils)
    const at = (days: number) => new Date(Math.min(arrivedAt + days * 86_400_000, yesterday))
    const mothers = Math.min(MOTHERS_AT_ONCE, coils - made)
    const arrived = Array.from({ length: mothers }, (_, i) => mother(dice, lot, i))
    yield { facts: arrived.flatMap((coil) => arrival(dice, coil, lot)), occurredAt: at(0) }
    yield { facts: arrived.flatMap((coil) => handling(dice, coil)), occurredAt: at(0.5) }
    const { facts, left, born } = processCoils(dice, arrived, lot, at(1))
    yield { facts, occurredAt: at(1.1) }
    yield { facts: born.flatMap((coil) => handling(dice, coil)), occurredAt: at(1.5) }
    yield { facts: trade(dice, [...left, ...born], lot, until), occurredAt: at(3) }
    made += mothers + born.length
  }
}

function halls(): PlantFact[] {
  return HALLS.map((location) => ({
    type: 'LocationDefined',
    data: { location, name: location, kind: 'store', capacityCoils: null },
  }))
}

function mother(dice: Dice, lot: number, i: number): LyingCoil {
  const widthMm = dice.step(1000, 1700, 50)
  const outerDiameterMm = dice.step(1400, 1900, 5)
  return {
    coil: `AZ-${String(lot).padStart(5, '0')}-${String(i).padStart(3, '0')}`,
    owner: dice.one(OWNERS),
    product: {
      form: 'coil',
      alloy: `EN AW-${dice.one(ALLOYS)}`,
      temper: 'F',
      gaugeMm: dice.step(6, 8, 0.1),
      widthMm,
      innerDiameterMm: 508,
      outerDiameterMm,
    },
    netWeightKg: Math.round((2.71e-6 * widthMm * Math.PI * (outerDiameterMm ** 2 - 508 ** 2)) / 4),
    castNumber: `G${String(lot).padStart(5, '0')}-${dice.between(1, 20)}`,
    location: dice.one(HALLS),
  }
}

function arrival(dice: Dice, { location, ...lying }: LyingCoil, lot: number): PlantFact[] {
  const { coil, owner, product, castNumber, netWeightKg } = lying
  const grossWeightKg = netWeightKg + 58
  const announced = dice.chance(60)
  const common = { coil, supplier: 'AZAL', owner, castNumber, product, netWeightKg, grossWeightKg }
  return [
    ...(announced
      ? [{ type: 'CoilAnnounced' as const, data: { ...common, packingList: `PL-${lot}`, deliveryNote: `DN-${lot}` } }]
      : []),
    {
      type: 'CoilReceived',
      data: { ...common, announced, holder: 'ALRO', weighing: { by: 'scale', scale: 'GATE' }, location },
    },
    stored(coil, location),
  ]
}

/** What is done to any coil that lies somewhere. */
function handling(dice: Dice, lying: LyingCoil): PlantFact[] {
  const { coil, netWeightKg } = lying
  const facts: PlantFact[] = []
  if (dice.chance(75)) {
    const findings = dice.chance(20) ? ['light edge wave on the operator side'] : []
    facts.push({ type: 'CoilInspected', data: { coil, result: 'conforming', findings, inspector: 'QA-3' } })
  }
  if (dice.chance(15)) {
    const weighed = { coil, netWeightKg, grossWeightKg: netWeightKg + 58, scale: 'HALL-SCALE' }
    facts.push({ type: 'CoilWeighed', data: { ...weighed, previousNetWeightKg: netWeightKg, adjustmentKg: 0 } })
  }
  for (let moves = dice.between(0, 2); moves > 0; moves--) {
    const from = lying.location
    const to = dice.one(HALLS)
    if (to === from) continue
    lying.location = to
    facts.push({ type: 'CoilMoved', data: { coil, from, to } })
    facts.push({ type: 'CoilTaken', data: { location: from, coil } }, stored(coil, to))
  }
  if (dice.chance(6)) {
    const hold = `hold-${coil}`
    facts.push({ type: 'CoilHeld', data: { coil, hold, reason: 'surface' } })
    if (dice.chance(60)) {
      facts.push({
        type: 'CoilReleased',
        data: { coil, hold, reason: 're-inspected', requestedBy: 'QA-2', approvedBy: 'QA-1' },
      })
    }
  }
  return facts
}
