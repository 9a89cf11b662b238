import type { PlantFact } from '../../events.js'
import { requireRoom, stored, taken } from '../../plant/placement.js'
import type { LocationState } from '../../plant/state.js'
import { Checks } from '../../refusal.js'
import { requireInStock } from '../rules.js'
import type { Coil } from '../state.js'

/** Moves a coil in stock to another place. A held coil may be moved: to the quarantine bay, for one. */
export function moveCoil(coil: Coil, to: LocationState): PlantFact[] {
  const checks = new Checks()
  requireInStock(checks, coil)
  checks.require(
    coil.location !== to.location,
    'coil-already-there',
    `coil ${coil.coil} is in ${to.location} already`,
    { coil: coil.coil, location: to.location },
    '/to',
  )
  requireRoom(checks, to, 1, '/to')
  checks.done()
  return [
    { type: 'CoilMoved', data: { coil: coil.coil, from: coil.location!, to: to.location } },
    ...taken(coil.coil, coil.location),
    stored(coil.coil, to.location),
  ]
}
