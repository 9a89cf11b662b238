import type { Coil } from '../coil/state.js'
import type { Checks } from '../refusal.js'
import type { Pack } from './state.js'

/** The coils that are still on the skid; a fault when it was opened, or when all have left. */
export function requireStillPacked(checks: Checks, { pack, opened }: Pack, coils: readonly Coil[]): readonly Coil[] {
  const inside = coils.filter((coil) => coil.physical === 'packed' && coil.pack === pack)
  checks.require(!opened, 'pack-opened', `pack ${pack} was opened already`, { pack })
  checks.require(opened || inside.length > 0, 'pack-gone', `no coil is in pack ${pack} any more`, { pack })
  return inside
}
