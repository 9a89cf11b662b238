import type { PlantFact } from '../../events.js'
import { saysAlready } from '../../same.js'
import { type Partner, partnerRole } from '../events.js'
import type { PartnerState } from '../state.js'

/** Registers a partner, or changes what is known of one. Says nothing when nothing is new. */
export function definePartner(said: Partner, before: PartnerState | undefined): PlantFact[] {
  // In one order, each once: what a partner may be is a set.
  const partner = { ...said, roles: partnerRole.options.filter((role) => said.roles.includes(role)) }
  if (!before) return [{ type: 'PartnerRegistered', data: partner }]
  return saysAlready(before, partner) ? [] : [{ type: 'PartnerChanged', data: partner }]
}
