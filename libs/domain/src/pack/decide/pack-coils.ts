import { requireEachOnce, requireInStock, requireNotHeld, requireNotRejected } from '../../coil/rules.js'
import type { Coil } from '../../coil/state.js'
import type { PlantFact } from '../../events.js'
import { Checks } from '../../refusal.js'
import type { Pack } from '../state.js'

/**
 * Bundles coils that lie in one place onto a skid. Reserved and sold coils may be packed: that is how they leave.
 * `existing` is what is known under the pack's number.
 */
export function packCoils(pack: string, existing: Pack | undefined, coils: readonly Coil[]): PlantFact[] {
  const checks = new Checks()
  checks.require(existing === undefined, 'pack-number-used', `the pack number ${pack} is taken`, { pack }, '/pack')
  const numbers = coils.map((coil) => coil.coil)
  requireEachOnce(checks, numbers, at)
  coils.forEach((coil, i) => {
    requireInStock(checks, coil, at(i))
    requireNotHeld(checks, coil, at(i))
    requireNotRejected(checks, coil, at(i))
  })
  const [location, ...others] = new Set(coils.flatMap((coil) => coil.location ?? []))
  checks.require(
    others.length === 0,
    'not-in-one-place',
    `the coils of a pack must lie in one place, but these lie in ${[location, ...others].join(', ')}`,
    { locations: Object.fromEntries(coils.map((coil) => [coil.coil, coil.location])) },
    '/coils',
  )
  checks.done()
  return [
    { type: 'PackMade', data: { pack, coils: numbers, location: location! } },
    ...numbers.map((coil): PlantFact => {
      return { type: 'CoilPacked', data: { coil, pack, with: numbers.filter((other) => other !== coil) } }
    }),
  ]
}

const at = (i: number) => `/coils/${i}`
