import type { PlantFact } from '../../events.js'
import type { Given } from '../../given.js'
import { Checks } from '../../refusal.js'
import { requireNotRejected, requireOnHand } from '../rules.js'
import type { Coil } from '../state.js'
import { heldWithDescendants } from './hold-coil.js'

export interface Inspection {
  readonly result: 'conforming' | 'nonconforming'
  readonly findings: readonly string[]
  readonly inspector: string
}

const LONGEST_REASON = 500

/** Records what an inspection found. Found nonconforming, the coil is on hold from the same moment. */
export function inspectCoil(
  coil: Coil,
  descendants: readonly Coil[],
  { result, findings, inspector }: Inspection,
  given: Given,
): PlantFact[] {
  const checks = new Checks()
  requireOnHand(checks, coil)
  requireNotRejected(checks, coil)
  checks.require(
    result === 'conforming' || findings.length > 0,
    'findings-missing',
    `say what was found: nobody can judge a nonconforming coil without it`,
    { coil: coil.coil, result },
    '/findings',
  )
  checks.done()
  const inspected: PlantFact = {
    type: 'CoilInspected',
    data: { coil: coil.coil, result, findings: [...findings], inspector },
  }
  if (result === 'conforming') return [inspected]
  const reason = findings.join('; ').slice(0, LONGEST_REASON).toWellFormed().trim()
  return [inspected, ...heldWithDescendants(coil, descendants, reason, given)]
}
