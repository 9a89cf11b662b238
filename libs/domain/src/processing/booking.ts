import { shareOut, sumKg } from '../mass.js'
import type { Share } from '../words.js'

/** Who gave how much to what: every kilogram of every mother is booked once. Weights in whole kg. */

/** One output and its mothers; `kg` of a mother where it was told. */
export interface Drawing {
  readonly kg: number
  readonly from: readonly { readonly coil: string; readonly kg?: number }[]
}

/**
 * For each output the kg that each mother gave; sums to the output's weight. One mother gives all. Of several, what was
 * told stands; otherwise they give in proportion to what is left of them after all that is known.
 * `mothers`: kg by number.
 */
export function shareMothers(drawings: readonly Drawing[], mothers: ReadonlyMap<string, number>): Share[][] {
  const left = new Map(mothers)
  const known = drawings.map(({ kg, from }): Share[] | undefined => {
    const shares = from.length === 1 ? [{ coil: from[0]!.coil, kg }] : told(from)
    for (const share of shares ?? []) left.set(share.coil, left.get(share.coil)! - share.kg)
    return shares
  })
  return drawings.map(({ kg, from }, i) => {
    if (known[i]) return known[i]
    const weights = from.map(({ coil }) => Math.max(0, left.get(coil)!))
    return spread(
      kg,
      weights,
      from.map(({ coil }) => mothers.get(coil)!),
    )
      .map((part, at) => ({ coil: from[at]!.coil, kg: part }))
      .filter((share) => share.kg > 0)
  })
}

const told = (from: Drawing['from']): Share[] | undefined =>
  from.every((one): one is Share => one.kg !== undefined) ? [...from] : undefined

/** What of one mother did not become a coil. `scrapKg + lossKg + differenceKg` is what is missing of it. */
export interface Missing {
  readonly scrapKg: number
  readonly lossKg: number
  readonly differenceKg: number
}

/**
 * Books scrap and loss of an order on its mothers: on those of which metal is missing, in proportion to what is missing.
 * Sums over the mothers are exactly the order's; what then is left over or lacking of each is its difference.
 */
export function bookMissing(
  mothers: readonly { readonly kg: number; readonly gaveKg: number }[],
  scrapKg: number,
  lossKg: number,
): Missing[] {
  const kgs = mothers.map(({ kg }) => kg)
  const missing = mothers.map(({ kg, gaveKg }) => kg - gaveKg)
  const scrap = spread(scrapKg, missing, kgs)
  // Loss is spread over what scrap has not explained yet, so that rounding leaves no difference where there is none.
  const unexplained = missing.map((kg, i) => kg - scrap[i]!)
  const loss = spread(lossKg, unexplained, kgs)
  return mothers.map((_, i) => ({
    scrapKg: scrap[i]!,
    lossKg: loss[i]!,
    differenceKg: unexplained[i]! - loss[i]!,
  }))
}

/** In proportion to weights above 0; if there are none, to `otherwise`. */
function spread(totalKg: number, weights: readonly number[], otherwise: readonly number[]): number[] {
  const above = weights.map((weight) => Math.max(0, weight))
  return shareOut(totalKg, sumKg(above) > 0 ? above : otherwise)
}
