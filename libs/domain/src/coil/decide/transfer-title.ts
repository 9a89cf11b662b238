import type { PlantFact } from '../../events.js'
import type { Given } from '../../given.js'
import type { PartnerState } from '../../plant/state.js'
import { Checks } from '../../refusal.js'
import { expired } from '../../sales/reservations.js'
import { requireAtRest, requireFree, requireOwnsMetal } from '../rules.js'
import type { Coil } from '../state.js'

/**
 * The metal is another's from now on, or in another's hands. Only for coils at rest and not promised: an order counts on
 * the owner of what it works on (rule 7), a sale on the owner's mandate (rule 8).
 */
export function transferTitle(
  coil: Coil,
  to: PartnerState,
  holder: PartnerState | undefined,
  reason: string,
  { now }: Given,
): PlantFact[] {
  const checks = new Checks()
  requireAtRest(checks, coil)
  requireFree(checks, coil, now)
  if (to.partner !== coil.owner) requireOwnsMetal(checks, to, '/to')
  const inHandsOf = holder?.partner ?? coil.holder
  checks.require(
    to.partner !== coil.owner || inHandsOf !== coil.holder,
    'title-unchanged',
    `coil ${coil.coil} is owned by ${coil.owner} and held by ${coil.holder} already`,
    { coil: coil.coil, owner: coil.owner, holder: coil.holder },
    '/to',
  )
  checks.done()
  return [
    ...expired([coil], now),
    {
      type: 'TitleTransferred',
      data: { coil: coil.coil, from: coil.owner, to: to.partner, holder: inHandsOf, reason },
    },
  ]
}
