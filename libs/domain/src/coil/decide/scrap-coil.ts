import type { PlantFact } from '../../events.js'
import type { Given } from '../../given.js'
import { taken } from '../../plant/placement.js'
import { Checks } from '../../refusal.js'
import { expired } from '../../sales/reservations.js'
import { requireFree, requireInStock } from '../rules.js'
import type { Coil } from '../state.js'

/**
 * Rule 4: final. The metal stays booked to its owner (rule 8). A hold does not prevent it, a promise to a customer does.
 * `process-scrap` can be remelted, `melt-loss` cannot.
 */
export function scrapCoil(
  coil: Coil,
  scrap: { readonly kind: 'process-scrap' | 'melt-loss'; readonly reason: string },
  { now }: Given,
): PlantFact[] {
  const checks = new Checks()
  requireInStock(checks, coil)
  requireFree(checks, coil, now)
  checks.done()
  return [
    ...expired([coil], now),
    {
      type: 'CoilScrapped',
      data: {
        coil: coil.coil,
        netWeightKg: coil.netWeightKg,
        owner: coil.owner,
        kind: scrap.kind,
        reason: scrap.reason,
      },
    },
    ...taken(coil.coil, coil.location),
  ]
}
