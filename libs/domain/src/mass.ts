import type { MassTolerance } from './plant/events.js'
import type { Checks } from './refusal.js'
import {
  LEAST_INNER_DIAMETER_MM,
  type MassBalance,
  MOST_OUTER_DIAMETER_MM,
  type OverrideAsked,
  type Product,
} from './words.js'

/** Aluminium and its wrought alloys, g/cm3. */
export const DENSITY_G_CM3 = 2.71
const KG_PER_MM3 = DENSITY_G_CM3 * 1e-6

/**
 * A wound coil is never as dense as the solid ring of its dimensions: air between the laps, crown, telescoping.
 * Diameters are measured by tape, so a little above solid is believed too.
 */
const LEAST_FILL = 0.8
const MOST_FILL = 1.03

export const sumKg = (kgs: Iterable<number>): number => {
  let sum = 0
  for (const kg of kgs) sum += kg
  return sum
}

/** The larger of the tolerance's fixed weight and its share of the metal, in kg. */
export const toleranceKg = (tolerance: MassTolerance, inKg: number): number =>
  Math.max(tolerance.kg, (inKg * tolerance.percent) / 100)

/** `differenceKg` is what remains unexplained. All in whole kg. */
export function massBalance(inKg: number, outKg: number, scrapKg: number, lossKg: number): MassBalance {
  return { inKg, outKg, scrapKg, lossKg, differenceKg: inKg - outKg - scrapKg - lossKg }
}

/**
 * Rule 5: |in - out - scrap - loss| is within the line's tolerance, unless overridden with a reason, to which a second person agrees.
 * `of`: the one coil that it is about, and where the body speaks of it.
 */
export function requireBalance(
  checks: Checks,
  balance: MassBalance,
  tolerance: MassTolerance,
  override: OverrideAsked | undefined,
  of: { readonly coil?: string; readonly field?: string } = {},
): void {
  const allowedKg = toleranceKg(tolerance, balance.inKg)
  checks.require(
    Math.abs(balance.differenceKg) <= allowedKg || override !== undefined,
    'mass-out-of-balance',
    `${of.coil ? `coil ${of.coil}: ` : ''}${balance.inKg} kg in, ${balance.outKg} kg out, ${balance.scrapKg} kg scrap, ${balance.lossKg} kg loss: ` +
      `${balance.differenceKg} kg unexplained, ${allowedKg} kg allowed; correct the weights, or override with a reason, to which a second person must agree`,
    { ...(of.coil && { coil: of.coil }), ...balance, toleranceKg: allowedKg },
    of.field,
  )
}

/** Weight in kg of the solid body of these dimensions; undefined where they do not say it. */
export function solidWeightKg(product: Product): number | undefined {
  const { form, gaugeMm, widthMm, innerDiameterMm, outerDiameterMm, lengthMm, sheets } = product
  if (form === 'pack') return lengthMm && sheets ? gaugeMm * widthMm * lengthMm * sheets * KG_PER_MM3 : undefined
  if (!innerDiameterMm || !outerDiameterMm) return undefined
  return (Math.PI / 4) * (outerDiameterMm ** 2 - innerDiameterMm ** 2) * widthMm * KG_PER_MM3
}

/** What may be believed, in whole kg. Where nobody measured how large a coil is, it is no larger than the largest. */
function weightBoundsKg(product: Product): { leastKg: number; mostKg: number } | undefined {
  const solidKg = solidWeightKg(product)
  if (solidKg !== undefined) {
    return { leastKg: Math.floor(solidKg * LEAST_FILL), mostKg: Math.ceil(solidKg * MOST_FILL) }
  }
  const { innerDiameterMm = LEAST_INNER_DIAMETER_MM, outerDiameterMm = MOST_OUTER_DIAMETER_MM } = product
  const largestKg = solidWeightKg({ ...product, innerDiameterMm, outerDiameterMm })
  return largestKg === undefined ? undefined : { leastKg: 1, mostKg: Math.ceil(largestKg * MOST_FILL) }
}

/** OD in mm of a coil of this weight: `sqrt(4m / (pi * density * width) + ID^2)`, wound without air. */
export function outerDiameterMm(netWeightKg: number, widthMm: number, innerDiameterMm: number): number {
  return Math.sqrt((4 * netWeightKg) / (Math.PI * KG_PER_MM3 * widthMm) + innerDiameterMm ** 2)
}

/** Rule 10: a weight is plausible for the dimensions; outside, the operator must confirm it. */
export function requirePlausibleWeight(
  checks: Checks,
  product: Product,
  netWeightKg: number,
  confirmed: boolean,
  field?: string,
): void {
  const bounds = weightBoundsKg(product)
  if (!bounds || confirmed) return
  const { leastKg, mostKg } = bounds
  checks.require(
    netWeightKg >= leastKg && netWeightKg <= mostKg,
    'weight-implausible',
    `${netWeightKg} kg does not fit the dimensions, which make ${leastKg} to ${mostKg} kg; measure again, or confirm the weight`,
    { netWeightKg, leastKg, mostKg },
    field,
  )
}

/**
 * Whole kg shared out in proportion to weights, so that the parts sum to the total exactly:
 * each gets its floor, the largest remainders get the rest. Works for negative totals too.
 */
export function shareOut(totalKg: number, weights: readonly number[]): number[] {
  const whole = sumKg(weights)
  if (weights.length === 0 || whole <= 0) throw new RangeError('there is nothing to share out among')
  const exact = weights.map((weight) => (totalKg * weight) / whole)
  const parts = exact.map(Math.floor)
  const byRemainder = exact
    .map((value, i) => [value - parts[i]!, i] as const)
    .sort((a, b) => b[0] - a[0] || a[1] - b[1])
  for (let rest = totalKg - sumKg(parts), at = 0; rest > 0; rest--, at++) parts[byRemainder[at]![1]]! += 1
  return parts
}
