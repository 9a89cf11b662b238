import type { PlantFact } from '../../events.js'
import type { Given } from '../../given.js'
import { Checks } from '../../refusal.js'
import { requireOnHand } from '../rules.js'
import { type Coil, isOnHand } from '../state.js'

/**
 * Rule 2: a quality block on a coil and on all that was made from it and is on hand. A consumed coil may be held for
 * the sake of what was made from it. `descendants`: all generations.
 */
export function holdCoil(coil: Coil, descendants: readonly Coil[], reason: string, given: Given): PlantFact[] {
  const checks = new Checks()
  if (coil.physical === 'consumed') {
    checks.require(
      descendants.some(isOnHand),
      'nothing-to-hold',
      `coil ${coil.coil} was consumed, and nothing that was made from it is on hand`,
      { coil: coil.coil },
    )
  } else requireOnHand(checks, coil)
  checks.done()
  return heldWithDescendants(coil, descendants, reason, given)
}

/** One hold, by the command's id, on the coil and on every descendant on hand. */
export function heldWithDescendants(
  { coil }: Coil,
  descendants: readonly Coil[],
  reason: string,
  { commandId }: Given,
): PlantFact[] {
  const hold = holdOf(commandId)
  return [
    { type: 'CoilHeld', data: { coil, hold, reason } },
    ...descendants
      .filter(isOnHand)
      .map((child): PlantFact => ({ type: 'CoilHeld', data: { coil: child.coil, hold, reason, cause: coil } })),
  ]
}

/** Rule 2: what was made of held coils is held by the same holds, each once. */
export function inheritedHolds(coil: string, madeFrom: readonly Coil[]): PlantFact[] {
  const once = new Map<string, PlantFact>()
  for (const { coil: cause, holds } of madeFrom) {
    for (const { hold, reason } of holds) {
      if (!once.has(hold)) once.set(hold, { type: 'CoilHeld', data: { coil, hold, reason, cause } })
    }
  }
  return [...once.values()]
}

export const holdOf = (commandId: string): string => `hold-${commandId}`
