import { requireFourEyes } from '../../approval/four-eyes.js'
import type { PlantFact } from '../../events.js'
import type { Given } from '../../given.js'
import { Checks } from '../../refusal.js'
import { physicalInWords } from '../rules.js'
import type { Coil } from '../state.js'

export interface Release {
  readonly hold: string
  readonly reason: string
}

/**
 * Lifts one hold from a coil and from everything made from it; other holds stay. Where the hold came down from a
 * mother, it stays on the mother and on the sisters: somebody looked at this coil, not at them. Two must agree.
 */
export function releaseCoil(coil: Coil, descendants: readonly Coil[], release: Release, given: Given): PlantFact[] {
  const { hold, reason } = release
  const checks = new Checks()
  checks.require(
    isUnder(hold, coil),
    'no-such-hold',
    `coil ${coil.coil} is not under the hold ${hold}`,
    {
      coil: coil.coil,
      hold,
      holds: coil.holds.map((other) => other.hold),
    },
    '/hold',
  )
  // Rule 4: what was scrapped is final, its holds with it.
  checks.require(coil.physical !== 'scrapped', 'coil-scrapped', physicalInWords(coil), { coil: coil.coil })
  checks.done()
  const lifted = { hold, reason, ...requireFourEyes(given, `Release coil ${coil.coil} from a hold`, reason) }
  return [
    { type: 'CoilReleased', data: { coil: coil.coil, ...lifted } },
    ...descendants
      .filter((child) => isUnder(hold, child) && child.physical !== 'scrapped')
      .map(
        (child): PlantFact => ({
          type: 'CoilReleased',
          data: { coil: child.coil, ...lifted, cause: coil.coil },
        }),
      ),
  ]
}

const isUnder = (hold: string, coil: Coil): boolean => coil.holds.some((one) => one.hold === hold)
