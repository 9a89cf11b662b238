import type { PlantFact } from '../../events.js'
import { Checks } from '../../refusal.js'
import { saysAlready } from '../../same.js'
import type { Location } from '../events.js'
import type { LocationState } from '../state.js'

/** Defines a place for coils, or changes it. It cannot become smaller than what lies there. */
export function defineLocation(location: Location, before: LocationState | undefined): PlantFact[] {
  if (!before) return [{ type: 'LocationDefined', data: location }]
  const { capacityCoils } = location
  const checks = new Checks()
  checks.require(
    capacityCoils === null || before.occupied <= capacityCoils,
    'capacity-below-content',
    `${before.occupied} coils lie in ${location.location}: it cannot be made to hold ${capacityCoils} only`,
    { location: location.location, capacityCoils, occupied: before.occupied },
    '/capacityCoils',
  )
  checks.done()
  return saysAlready(before, location) ? [] : [{ type: 'LocationChanged', data: location }]
}
