import type { Known } from './known.js'
import { alloys, tempers } from './plant/state.js'
import { type Checks, unknownThing } from './refusal.js'
import type { Product } from './words.js'

/** What no coil and no pack of sheets can be, whatever it weighs. */
export function requireProduct(checks: Checks, product: Product, field = ''): void {
  const { form, innerDiameterMm, outerDiameterMm, gaugeMm, lengthMm, sheets } = product
  const lengthTold = [lengthMm, sheets].filter((value) => value !== undefined).length
  checks.require(
    form === 'coil' || lengthTold === 2,
    'sheets-missing',
    'say how long the sheets are, and how many',
    { lengthMm, sheets },
    field,
  )
  checks.require(
    form === 'pack' || lengthTold === 0,
    'not-sheets',
    'this is wound: only what is cut to length has a length and a number of sheets',
    { lengthMm, sheets },
    field,
  )
  if (innerDiameterMm === undefined || outerDiameterMm === undefined) return
  checks.require(
    outerDiameterMm >= innerDiameterMm + 2 * gaugeMm,
    'outer-diameter-too-small',
    `an outer diameter of ${outerDiameterMm} mm leaves no room for a lap of ${gaugeMm} mm around ${innerDiameterMm} mm`,
    { innerDiameterMm, outerDiameterMm, gaugeMm },
    `${field}/outerDiameterMm`,
  )
}

export function requireGrossCoversNet(
  checks: Checks,
  netWeightKg: number,
  grossWeightKg: number | undefined,
  field: string,
): void {
  checks.require(
    grossWeightKg === undefined || grossWeightKg >= netWeightKg,
    'gross-below-net',
    `${grossWeightKg} kg gross cannot hold ${netWeightKg} kg net`,
    { netWeightKg, grossWeightKg },
    field,
  )
}

/** The plant knows the alloy and the temper. */
export function requireKnownMetal(checks: Checks, known: Known, { alloy, temper }: Product, field = ''): void {
  if (!known.find(alloys, alloy)) checks.add(unknownThing('alloy', alloy, `${field}/alloy`))
  if (!known.find(tempers, temper)) checks.add(unknownThing('temper', temper, `${field}/temper`))
}
