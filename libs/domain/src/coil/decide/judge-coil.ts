import { requireFourEyes } from '../../approval/four-eyes.js'
import type { PlantFact } from '../../events.js'
import type { Given } from '../../given.js'
import { Checks } from '../../refusal.js'
import { expired } from '../../sales/reservations.js'
import { requireAtRest, requireFree, requireNotRejected } from '../rules.js'
import type { Coil } from '../state.js'

/** Why a coil is not first choice. Whether the holds on it are answered by this and lifted, to which two must agree. */
export interface Judgement {
  readonly reason: string
  readonly liftHolds: boolean
}

/** Good for a lesser use only. What is promised to a customer must be released or cancelled first. */
export function downgradeCoil(coil: Coil, judgement: Judgement & { grade: string }, given: Given): PlantFact[] {
  requireJudgeable(coil, given)
  const { grade, reason } = judgement
  return [
    ...expired([coil], given.now),
    { type: 'CoilDowngraded', data: { coil: coil.coil, grade, reason } },
    ...holdsAnswered(coil, judgement, 'Downgrade', given),
  ]
}

/** Good for remelting or scrap only. */
export function rejectCoil(coil: Coil, judgement: Judgement, given: Given): PlantFact[] {
  requireJudgeable(coil, given)
  return [
    ...expired([coil], given.now),
    { type: 'CoilRejected', data: { coil: coil.coil, reason: judgement.reason } },
    ...holdsAnswered(coil, judgement, 'Reject', given),
  ]
}

function requireJudgeable(coil: Coil, { now }: Given): void {
  const checks = new Checks()
  requireAtRest(checks, coil)
  requireNotRejected(checks, coil)
  requireFree(checks, coil, now)
  checks.done()
}

/** Where nothing is held, there is nothing for a second person to agree to. */
function holdsAnswered(
  { coil, holds }: Coil,
  { reason, liftHolds }: Judgement,
  what: string,
  given: Given,
): PlantFact[] {
  if (!liftHolds || holds.length === 0) return []
  const both = requireFourEyes(given, `${what} coil ${coil} and lift ${inWords(holds)}`, reason)
  return holds.map(({ hold }): PlantFact => ({ type: 'CoilReleased', data: { coil, hold, reason, ...both } }))
}

/** As many of the reasons as fit beside the rest of what is asked. */
function inWords(holds: Coil['holds']): string {
  const reasons = holds.map((hold) => hold.reason).join('; ')
  const short = [...reasons].slice(0, 100).join('')
  return `${holds.length === 1 ? 'the hold' : `the ${holds.length} holds`} on it: ${short}`
}
