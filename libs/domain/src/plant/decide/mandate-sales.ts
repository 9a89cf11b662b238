import type { PlantFact } from '../../events.js'
import { Checks, Refused, refuse, unknownThing } from '../../refusal.js'
import type { Mandate } from '../events.js'
import type { PartnerState } from '../state.js'

/** The owner lets the plant sell the owner's metal (rule 8), for some time, under a number used once. */
export function grantSalesMandate(owner: PartnerState, mandate: Omit<Mandate, 'partner'>): PlantFact[] {
  const checks = new Checks()
  checks.require(
    owner.roles.includes('owner'),
    'partner-not-an-owner',
    `${owner.partner} is not registered as an owner of metal: there is nothing to be sold for it`,
    { partner: owner.partner, roles: owner.roles },
  )
  checks.require(
    mandate.validFrom <= mandate.validTo,
    'mandate-ends-before-it-begins',
    `the mandate would end on ${mandate.validTo}, before it begins on ${mandate.validFrom}`,
    { validFrom: mandate.validFrom, validTo: mandate.validTo },
    '/validTo',
  )
  checks.require(
    !owner.mandates.some((one) => one.mandate === mandate.mandate) && !owner.revokedMandates.includes(mandate.mandate),
    'mandate-number-used',
    `${owner.partner} has given a mandate under ${mandate.mandate} before`,
    { partner: owner.partner, mandate: mandate.mandate },
    '/mandate',
  )
  checks.done()
  return [{ type: 'SalesMandateGranted', data: { partner: owner.partner, ...mandate } }]
}

/** From now on nothing more is sold under it; what was sold stays sold. */
export function revokeSalesMandate(owner: PartnerState, mandate: string, reason: string): PlantFact[] {
  if (owner.revokedMandates.includes(mandate)) {
    refuse('mandate-revoked', `the mandate ${mandate} of ${owner.partner} was revoked before`, {
      partner: owner.partner,
      mandate,
    })
  }
  if (!owner.mandates.some((one) => one.mandate === mandate)) throw new Refused([unknownThing('mandate', mandate)])
  return [{ type: 'SalesMandateRevoked', data: { partner: owner.partner, mandate, reason } }]
}
