import { requireEachOnce } from '../../coil/rules.js'
import type { Coil } from '../../coil/state.js'
import type { PlantFact } from '../../events.js'
import type { Known } from '../../known.js'
import { requirePlausibleWeight, toleranceKg } from '../../mass.js'
import { plantDay, requireProduced } from '../../plant/day.js'
import type { PlantSettings } from '../../plant/events.js'
import { requirePlaces, stored } from '../../plant/placement.js'
import { requireGrossCoversNet } from '../../product-rules.js'
import { Checks } from '../../refusal.js'
import { type Arrival, announcedFacts, type ReceiptFacts, requireExpectedOrNew, unannouncedFacts } from '../facts.js'

/** Receives coils, all or none: each announced or told in full, weighed or declared, into a place with room. */
export function receiveCoils(arrivals: readonly Arrival[], plant: PlantSettings, known: Known, now: Date): PlantFact[] {
  const checks = new Checks()
  const today = plantDay(now, plant.timeZone)
  requireEachOnce(
    checks,
    arrivals.map(({ coil }) => coil),
    (i) => `/coils/${i}/coil`,
  )
  const facts = arrivals.flatMap((arrival, i) => {
    const field = `/coils/${i}`
    const coil = requireExpectedOrNew(checks, known, arrival.coil, `${field}/coil`)
    const told = toldOf(checks, arrival, coil, known, field)
    if (!told) return []
    requireProduced(checks, told.producedOn, today, `${field}/producedOn`)
    requireGrossCoversNet(checks, told.netWeightKg, told.grossWeightKg, `${field}/grossWeightKg`)
    requirePlausibleWeight(checks, told.product, told.netWeightKg, arrival.confirmed ?? false, `${field}/netWeightKg`)
    return [received(arrival, coil, told, plant), stored(arrival.coil, arrival.location)]
  })
  requirePlaces(
    checks,
    known,
    arrivals.map(({ location }, i) => ({ location, field: `/coils/${i}/location` })),
  )
  checks.done()
  return facts
}

function toldOf(
  checks: Checks,
  arrival: Arrival,
  coil: Coil | undefined,
  known: Known,
  field: string,
): ReceiptFacts | undefined {
  if (coil && coil.physical !== 'expected') return undefined
  if (!coil?.announcement) return unannouncedFacts(checks, arrival, known, field)
  checks.require(
    arrival.weighing.by === 'declared' || arrival.netWeightKg !== undefined,
    'weight-missing',
    `coil ${arrival.coil} was weighed on ${arrival.weighing.scale}: what did it weigh?`,
    { coil: arrival.coil, scale: arrival.weighing.scale },
    `${field}/netWeightKg`,
  )
  return announcedFacts(checks, arrival, coil.announcement, field)
}

function received(arrival: Arrival, coil: Coil | undefined, told: ReceiptFacts, plant: PlantSettings): PlantFact {
  return {
    type: 'CoilReceived',
    data: {
      coil: arrival.coil,
      announced: coil?.announcement !== undefined,
      ...told,
      holder: plant.company,
      weighing: arrival.weighing,
      location: arrival.location,
      ...(coil?.announcement && { difference: difference(coil.announcement.netWeightKg, told.netWeightKg, plant) }),
    },
  }
}

/** Received minus announced; beyond the plant's tolerance somebody has to accept it. */
function difference(announcedKg: number, receivedKg: number, plant: PlantSettings) {
  const differenceKg = receivedKg - announcedKg
  const allowedKg = toleranceKg(plant.receiptTolerance, announcedKg)
  return { announcedKg, differenceKg, toleranceKg: allowedKg, beyondTolerance: Math.abs(differenceKg) > allowedKg }
}
