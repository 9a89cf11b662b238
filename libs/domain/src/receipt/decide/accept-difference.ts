import type { Coil } from '../../coil/state.js'
import type { PlantFact } from '../../events.js'
import type { Given } from '../../given.js'
import { refuse } from '../../refusal.js'

/** Somebody looked at a difference between announced and received mass, and says why it stands. Once. */
export function acceptDifference(coil: Coil, reason: string, given: Given): PlantFact[] {
  const differenceKg = coil.openDifferenceKg
  if (differenceKg === undefined) {
    refuse('no-open-difference', `coil ${coil.coil} has no difference in weight that waits to be accepted`, {
      coil: coil.coil,
    })
  }
  return [
    {
      type: 'WeightDifferenceAccepted',
      data: { coil: coil.coil, differenceKg, acceptedBy: given.actor, reason },
    },
  ]
}
