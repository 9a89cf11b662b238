import { requireEachOnce } from '../../coil/rules.js'
import type { PlantFact } from '../../events.js'
import type { Known } from '../../known.js'
import { massBalance, requireBalance, requirePlausibleWeight, sumKg } from '../../mass.js'
import { stored } from '../../plant/placement.js'
import type { Checks } from '../../refusal.js'
import { bookMissing } from '../booking.js'
import type { Completion, ResultTold } from '../completion.js'
import { requireKnownTemper } from '../rules.js'
import { type Made, onRun, type Run } from '../run.js'

/** Anneal and homogenise: the same coils come out, with another temper perhaps, and perhaps weighed again. */
export function treatCoils(checks: Checks, run: Run, told: Completion, known: Known): Made {
  const results = resultsOf(checks, run, told.results, known)
  checks.require(
    told.scrapKg === 0,
    'treatment-makes-no-scrap',
    `a ${run.order.step} gives back the same coils whole: book what is cut off where it is cut off`,
    { scrapKg: told.scrapKg },
    '/scrapKg',
  )
  const after = run.mothers.map((coil, i) => {
    const result = results[i]
    const netWeightKg = result?.netWeightKg ?? coil.netWeightKg
    return { coil, netWeightKg, product: { ...coil.product, temper: result?.temper ?? coil.product.temper } }
  })
  const missing = bookMissing(
    after.map(({ coil, netWeightKg }) => ({ kg: coil.netWeightKg, gaveKg: netWeightKg })),
    0,
    told.lossKg,
  )
  after.forEach(({ coil, netWeightKg, product }, i) => {
    const at = results[i] && `/results/${told.results.indexOf(results[i])}/netWeightKg`
    if (results[i]?.netWeightKg !== undefined) {
      requirePlausibleWeight(checks, product, netWeightKg, results[i].confirmed ?? false, at)
    }
    // One coil's gain must not hide another's loss.
    if (after.length > 1) {
      const balance = massBalance(coil.netWeightKg, netWeightKg, 0, missing[i]!.lossKg)
      requireBalance(checks, balance, run.line.tolerance, told.override, { coil: coil.coil, field: at })
    }
  })
  return {
    outKg: sumKg(after.map(({ netWeightKg }) => netWeightKg)),
    chargedKg: 0,
    outputs: after.map(({ coil: { coil, owner }, netWeightKg: kg, product }) => ({
      coil,
      kg,
      owner,
      product,
      remnant: false,
    })),
    coming: told.results.map(({ location }, i) => ({ location, field: `/results/${i}/location` })),
    facts: () =>
      after.flatMap(({ coil, netWeightKg, product }, i): PlantFact[] => {
        const { lossKg, differenceKg } = missing[i]!
        const { location } = results[i]!
        return [
          {
            type: 'CoilTreated',
            data: {
              coil: coil.coil,
              ...onRun(run),
              previousTemper: coil.product.temper,
              temper: product.temper,
              previousNetWeightKg: coil.netWeightKg,
              netWeightKg,
              lossKg,
              differenceKg,
              location,
            },
          },
          stored(coil.coil, location),
        ]
      }),
  }
}

/** The result of each coil of the order, in its order. */
function resultsOf(
  checks: Checks,
  { order, mothers }: Run,
  results: readonly ResultTold[],
  known: Known,
): (ResultTold | undefined)[] {
  const { processOrder } = order
  const inOrder = new Set(order.inputs)
  requireEachOnce(
    checks,
    results.map(({ coil }) => coil),
    (i) => `/results/${i}/coil`,
  )
  const byCoil = new Map<string, ResultTold>()
  results.forEach((result, i) => {
    const { coil, temper } = result
    const at = `/results/${i}/coil`
    requireKnownTemper(checks, known, temper, `/results/${i}/temper`)
    checks.require(
      inOrder.has(coil),
      'coil-not-in-order',
      `coil ${coil} is not in order ${processOrder}`,
      { coil, processOrder },
      at,
    )
    byCoil.set(coil, result)
  })
  return mothers.map(({ coil }) => {
    const result = byCoil.get(coil)
    checks.require(
      result !== undefined,
      'result-missing',
      `say what became of coil ${coil}: where it lies now, at least`,
      { coil },
      '/results',
    )
    return result
  })
}
