import type { Coil } from '../coil/state.js'
import type { Checks } from '../refusal.js'
import type { OutputTold } from './completion.js'
import type { Run } from './run.js'
import { SHAPES } from './steps.js'

/** An output and the mothers it is from. */
export interface Origin {
  readonly told: OutputTold
  /** JSON pointer of the output in the body. */
  readonly field: string
  /** None if the body does not say it, or not rightly. */
  readonly mothers: readonly Coil[]
}

/**
 * Which mothers each output is from. With one input there is no question; a join is from all its inputs; otherwise
 * each output must say it, because nobody could tell afterwards.
 */
export function originsOf(checks: Checks, run: Run, outputs: readonly OutputTold[]): Origin[] {
  const byNumber = new Map(run.mothers.map((mother) => [mother.coil, mother]))
  const origins = outputs.map((told, i): Origin => {
    const field = `/outputs/${i}`
    return {
      told,
      field,
      mothers: told.from ? named(checks, told, field, byNumber, run) : implied(checks, told, field, run),
    }
  })
  requireShape(checks, run, origins)
  return origins
}

function implied(
  checks: Checks,
  { coil, remnant }: OutputTold,
  field: string,
  { order, mothers }: Run,
): readonly Coil[] {
  if (mothers.length === 1 || (SHAPES[order.step] === 'many-to-one' && !remnant)) return mothers
  checks.add({
    rule: 'from-missing',
    message: `say which coil ${coil} is from: order ${order.processOrder} has ${mothers.length} inputs`,
    values: { coil, inputs: order.inputs },
    field: `${field}/from`,
  })
  return []
}

function named(
  checks: Checks,
  { coil, from = [], netWeightKg }: OutputTold,
  field: string,
  byNumber: ReadonlyMap<string, Coil>,
  { order }: Run,
): Coil[] {
  const seen = new Set<string>()
  const mothers = from.flatMap((share, i) => {
    const mother = byNumber.get(share.coil)
    const at = `${field}/from/${i}/coil`
    const { processOrder } = order
    const known = checks.require(
      mother !== undefined,
      'coil-not-in-order',
      `coil ${share.coil} is not in order ${processOrder}`,
      { coil: share.coil, processOrder },
      at,
    )
    const values = { coil: share.coil }
    const first = checks.require(
      !seen.has(share.coil),
      'coil-named-twice',
      `coil ${share.coil} is named twice`,
      values,
      at,
    )
    seen.add(share.coil)
    return known && first ? [mother!] : []
  })
  const weighed = from.filter((share) => share.kg !== undefined)
  const sumKg = weighed.reduce((sum, share) => sum + share.kg!, 0)
  const whole =
    checks.require(
      weighed.length === 0 || weighed.length === from.length,
      'from-incomplete',
      `say the kg of all mothers of ${coil}, or of none`,
      { coil },
      `${field}/from`,
    ) &&
    checks.require(
      weighed.length === 0 || sumKg === netWeightKg,
      'from-does-not-sum',
      `the mothers of ${coil} are said to give ${sumKg} kg, but it weighs ${netWeightKg} kg`,
      { coil, fromKg: sumKg, netWeightKg },
      `${field}/from`,
    )
  return whole && mothers.length === from.length ? mothers : []
}

/** How many mothers an output may have, and how many products a mother. */
function requireShape(checks: Checks, { order: { step } }: Run, origins: readonly Origin[]): void {
  const shape = SHAPES[step]
  const productsOf = new Map<string, string>()
  for (const { told, field, mothers } of origins) {
    const numbers = mothers.map((mother) => mother.coil)
    const joined = shape === 'many-to-one' && !told.remnant
    checks.require(
      mothers.length < 2 || joined,
      'one-mother-only',
      `${told.coil} is said to be from ${numbers.join(', ')}, but ${told.remnant ? 'a remnant' : `what comes out of a ${step}`} is from one coil`,
      { coil: told.coil, mothers: numbers },
      `${field}/from`,
    )
    checks.require(
      mothers.length !== 1 || !joined,
      'join-needs-two',
      `${told.coil} is said to be joined, but only from ${numbers[0]}`,
      { coil: told.coil, mothers: numbers },
      `${field}/from`,
    )
    const mother = numbers[0]
    if (shape !== 'one-to-one' || told.remnant || mother === undefined) continue
    checks.require(
      !productsOf.has(mother),
      'one-product-per-mother',
      `of ${mother} both ${productsOf.get(mother)} and ${told.coil} are said to be made, but a ${step} makes one coil of one`,
      { coil: told.coil, mother, other: productsOf.get(mother) },
      field,
    )
    productsOf.set(mother, told.coil)
  }
}
