import type { PlantFact } from '../events.js'
import type { Checks } from '../refusal.js'
import type { LocationState } from './state.js'

/** The place has room for so many coils more. */
export function requireRoom(checks: Checks, location: LocationState, coming: number, field?: string): boolean {
  return checks.require(
    location.capacityCoils === null || location.occupied + coming <= location.capacityCoils,
    'location-full',
    `${location.location} holds ${location.occupied} of ${location.capacityCoils} coils: there is no room for ${coming} more`,
    { location: location.location, capacityCoils: location.capacityCoils, occupied: location.occupied, coming },
    field,
  )
}

/** A coil lies in a place from now on; goes with the coil's own fact. */
export const stored = (coil: string, location: string): PlantFact => ({ type: 'CoilStored', data: { location, coil } })

/** A coil left the place where it lay, if it lay in one. */
export const taken = (coil: string, location: string | undefined): PlantFact[] =>
  location === undefined ? [] : [{ type: 'CoilTaken', data: { location, coil } }]
