import type { PlantFact } from '../events.js'
import {
  alloyStream,
  lineStream,
  locationStream,
  PLANT_STREAM,
  partnerStream,
  type StreamKind,
  temperStream,
} from '../streams.js'
import type { Alloy, Line, LineWork, Location, Mandate, Partner, PlantSettings } from './events.js'

export interface PartnerState extends Partner {
  /** Granted and not revoked; each may be past or still to come. */
  readonly mandates: readonly Mandate[]
  /** Numbers that are not to be used again. */
  readonly revokedMandates: readonly string[]
}

export interface LocationState extends Location {
  /** Coils that lie there, by the location's own history. */
  readonly occupied: number
}

export interface LineState extends Line {
  /** What runs on it now, where lines keep to one thing at a time. */
  readonly work?: LineWork
}

/** There is one plant; its id is `main`. */
export const plants: StreamKind<PlantSettings> = {
  thing: 'plant',
  stream: () => PLANT_STREAM,
  evolve: (plant, fact) => (fact.type === 'PlantConfigured' ? fact.data : plant),
}

export const partners: StreamKind<PartnerState> = {
  thing: 'partner',
  stream: partnerStream,
  evolve(partner, fact) {
    switch (fact.type) {
      case 'PartnerRegistered':
      case 'PartnerChanged':
        return { mandates: [], revokedMandates: [], ...partner, ...fact.data }
      case 'SalesMandateGranted':
        return partner && { ...partner, mandates: [...partner.mandates, fact.data] }
      case 'SalesMandateRevoked':
        return (
          partner && {
            ...partner,
            mandates: partner.mandates.filter((m) => m.mandate !== fact.data.mandate),
            revokedMandates: [...partner.revokedMandates, fact.data.mandate],
          }
        )
      default:
        return partner
    }
  },
}

export const locations: StreamKind<LocationState> = {
  thing: 'location',
  stream: locationStream,
  // Where there is no limit, coils come and go without waiting for each other.
  crowded: true,
  unguarded: (location) => location.capacityCoils === null,
  evolve(location, fact) {
    switch (fact.type) {
      case 'LocationDefined':
      case 'LocationChanged':
        return { ...fact.data, occupied: location?.occupied ?? 0 }
      case 'CoilStored':
        return location && { ...location, occupied: location.occupied + 1 }
      case 'CoilTaken':
        return location && { ...location, occupied: location.occupied - 1 }
      default:
        return location
    }
  },
}

const latest =
  <State>(...types: PlantFact['type'][]) =>
  (state: State | undefined, fact: PlantFact): State | undefined =>
    types.includes(fact.type) ? (fact.data as State) : state

export const lines: StreamKind<LineState> = {
  thing: 'line',
  stream: lineStream,
  evolve(line, fact) {
    switch (fact.type) {
      case 'LineDefined':
      case 'LineChanged':
        return { ...fact.data, work: line?.work }
      case 'LineEngaged':
        return line && { ...line, work: fact.data }
      case 'LineFreed':
        return line && { ...line, work: undefined }
      default:
        return line
    }
  },
}
export const alloys: StreamKind<Alloy> = {
  thing: 'alloy',
  stream: alloyStream,
  evolve: latest('AlloyDefined', 'AlloyChanged'),
}
export const tempers: StreamKind<{ temper: string; description: string }> = {
  thing: 'temper',
  stream: temperStream,
  evolve: latest('TemperDefined'),
}
