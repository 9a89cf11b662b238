import type { PlantFact } from '../events.js'
import type { Known } from '../known.js'
import { type Checks, unknownThing } from '../refusal.js'
import { type LocationState, locations } from './state.js'

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

/** Where a coil will lie; `field` points at it in the body, and may be the same for several. */
export interface Coming {
  readonly location: string
  readonly field: string
}

/** Each place exists, and has room for all that come to it; the fault of a full one points at the first that comes. */
export function requirePlaces(checks: Checks, known: Known, coming: readonly Coming[]): void {
  for (const [code, all] of Map.groupBy(coming, (one) => one.location)) {
    const location = known.find(locations, code)
    if (location) requireRoom(checks, location, all.length, all[0]!.field)
    else checks.add(...[...new Set(all.map((one) => one.field))].map((field) => unknownThing('location', code, field)))
  }
}

/** A coil lies in a place from now on; goes with the coil's own fact. */
export const stored = (coil: string, location: string): PlantFact => ({ type: 'CoilStored', data: { location, coil } })

/** A coil left the place where it lay, if it lay in one. */
export const taken = (coil: string, location: string | undefined): PlantFact[] =>
  location === undefined ? [] : [{ type: 'CoilTaken', data: { location, coil } }]
