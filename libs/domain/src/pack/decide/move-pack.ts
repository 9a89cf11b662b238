import type { Coil } from '../../coil/state.js'
import type { PlantFact } from '../../events.js'
import { requireRoom, stored, taken } from '../../plant/placement.js'
import type { LocationState } from '../../plant/state.js'
import { Checks } from '../../refusal.js'
import { requireStillPacked } from '../rules.js'
import type { Pack } from '../state.js'

/** Moves a skid with all that is on it; each coil keeps its own place in the bay's count. */
export function movePack(pack: Pack, coils: readonly Coil[], to: LocationState): PlantFact[] {
  const checks = new Checks()
  const inside = requireStillPacked(checks, pack, coils)
  const from = inside[0]?.location
  checks.require(
    from !== to.location,
    'pack-already-there',
    `pack ${pack.pack} is in ${to.location} already`,
    { pack: pack.pack, location: to.location },
    '/to',
  )
  requireRoom(checks, to, inside.length, '/to')
  checks.done()
  return [
    {
      type: 'PackMoved',
      data: { pack: pack.pack, coils: inside.map((coil) => coil.coil), from: from!, to: to.location },
    },
    ...inside.flatMap(({ coil }): PlantFact[] => [
      { type: 'CoilMoved', data: { coil, from: from!, to: to.location } },
      ...taken(coil, from),
      stored(coil, to.location),
    ]),
  ]
}
