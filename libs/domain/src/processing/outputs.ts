import { requireEachOnce, requireUnusedNumber } from '../coil/rules.js'
import { type Coil, coils } from '../coil/state.js'
import type { Known } from '../known.js'
import { requirePlausibleWeight } from '../mass.js'
import { requireGrossCoversNet, requireProduct } from '../product-rules.js'
import type { Checks } from '../refusal.js'
import type { Product } from '../words.js'
import { agreed } from './agreement.js'
import type { OutputTold } from './completion.js'
import type { Origin } from './origins.js'
import { requireKnownTemper } from './rules.js'
import type { Run } from './run.js'
import { requireDescent, requireTemper, requireUnchanged, requireWidthsFit } from './strip-rules.js'

/** An output whose mothers are known, with all that it is. */
export interface Output extends Origin {
  readonly product: Product
  readonly owner: string
}

/** A strip on the outside of the mother may be a little heavier for its width than one from the middle. */
const MOST_ABOVE_WIDTH_SHARE = 0.03

/** Numbers, products and owners of what came out, each checked against its mothers. */
export function checkOutputs(
  checks: Checks,
  run: Run,
  origins: readonly Origin[],
  known: Known,
  trimMm: number,
): Output[] {
  requireNewNumbers(checks, origins, known)
  const outputs = origins
    .filter(({ mothers }) => mothers.length > 0)
    .map((origin): Output => {
      const { told, mothers, field } = origin
      requireKnownTemper(checks, known, told.temper, `${field}/temper`)
      const made = { name: told.coil, mothers, field, told }
      const alloy = agreed(checks, run, 'alloy', made)
      const owner = agreed(checks, run, 'owner', made)
      const temper = told.temper ?? mothers[0]!.product.temper
      const product = productOf(run, told, { ...mothers[0]!.product, alloy, temper })
      requireWhole(checks, run, origin, product)
      requirePlausibleWeight(checks, product, told.netWeightKg, told.confirmed ?? false, `${field}/netWeightKg`)
      return { ...origin, product, owner }
    })
  if (run.order.step === 'slit') requireCuts(checks, run, outputs, trimMm)
  return outputs
}

/** Rule 1: each number is new, and given to one coil. */
function requireNewNumbers(checks: Checks, origins: readonly Origin[], known: Known): void {
  requireEachOnce(
    checks,
    origins.map(({ told }) => told.coil),
    (i) => `${origins[i]!.field}/coil`,
  )
  for (const { told, field } of origins) {
    requireUnusedNumber(checks, told.coil, known.find(coils, told.coil), `${field}/coil`)
  }
}

/** Its mother's product, but for what was told, and for how it is wound or stacked now. */
function productOf({ order }: Run, told: OutputTold, mother: Product): Product {
  const sheets = order.step === 'cut-to-length' && !told.remnant
  return {
    form: sheets ? 'pack' : 'coil',
    alloy: mother.alloy,
    temper: mother.temper,
    gaugeMm: told.gaugeMm ?? mother.gaugeMm,
    widthMm: told.widthMm ?? mother.widthMm,
    innerDiameterMm: sheets ? undefined : (told.innerDiameterMm ?? mother.innerDiameterMm),
    outerDiameterMm: sheets ? undefined : told.outerDiameterMm,
    lengthMm: told.lengthMm,
    sheets: told.sheets,
  }
}

/** Rule 6, and that the form is told as a whole. */
function requireWhole(
  checks: Checks,
  { order: { step } }: Run,
  { told, field, mothers }: Origin,
  product: Product,
): void {
  const { coil } = told
  for (const mother of mothers) {
    const descent = { checks, coil, child: product, mother, field }
    if (told.remnant) requireUnchanged(descent)
    else requireDescent(step, descent)
  }
  if (!told.remnant) requireTemper(checks, step, coil, product.temper, mothers, field)
  requireProduct(checks, product, field)
  requireGrossCoversNet(checks, told.netWeightKg, told.grossWeightKg, `${field}/grossWeightKg`)
}

/** Rule 6 for all strips of each mother together, and rule 10 for each: no strip is heavier than its share of the width. */
function requireCuts(checks: Checks, { line }: Run, outputs: readonly Output[], trimMm: number): void {
  const strips = outputs.filter(({ told, mothers }) => !told.remnant && mothers.length === 1)
  for (const [mother, children] of Map.groupBy(strips, ({ mothers }): Coil => mothers[0]!)) {
    requireWidthsFit(
      checks,
      mother,
      children.map(({ product }) => product.widthMm),
      trimMm,
    )
    for (const { told, product, field } of children) {
      const shareKg = (mother.netWeightKg * product.widthMm) / mother.product.widthMm
      const mostKg = Math.ceil(shareKg + Math.max(shareKg * MOST_ABOVE_WIDTH_SHARE, line.tolerance.kg))
      checks.require(
        told.netWeightKg <= mostKg || told.confirmed === true,
        'weight-implausible',
        `${told.coil} is said to weigh ${told.netWeightKg} kg, but ${product.widthMm} of the ${mother.product.widthMm} mm of ` +
          `${mother.coil} make ${mostKg} kg at most; weigh again, or confirm the weight`,
        { coil: told.coil, netWeightKg: told.netWeightKg, mostKg },
        `${field}/netWeightKg`,
      )
    }
  }
}
