import type { Coil } from '../../coil/state.js'
import type { PlantFact } from '../../events.js'
import { Checks } from '../../refusal.js'
import { requireStillPacked } from '../rules.js'
import type { Pack } from '../state.js'

/** Unpacks: the coils that are still on the skid are in stock again, each by itself. `coils` are those packed once. */
export function openPack(pack: Pack, coils: readonly Coil[], reason: string): PlantFact[] {
  const checks = new Checks()
  const inside = requireStillPacked(checks, pack, coils)
  checks.done()
  return [
    { type: 'PackOpened', data: { pack: pack.pack, coils: inside.map((coil) => coil.coil), reason } },
    ...inside.map(({ coil }): PlantFact => ({ type: 'CoilUnpacked', data: { coil, pack: pack.pack, reason } })),
  ]
}
