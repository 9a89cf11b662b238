import type { PlantEvent } from '#domain/plant/events'
import { because, list } from './phrases.js'
import type { Sentences } from './sentences.js'

const work = { 'casting-run': 'casting run', 'process-order': 'order' } as const
const capacity = (coils: number | null) => (coils === null ? 'no limit' : `room for ${coils} coils`)

export const aboutPlant: Sentences<PlantEvent['type']> = {
  PlantConfigured: (d) => `Plant ${d.name} of ${d.company} configured, time zone ${d.timeZone}`,
  PartnerRegistered: (d) => `Partner ${d.partner} registered: ${d.name}, ${d.country} (${list(d.roles)})`,
  PartnerChanged: (d) => `Partner ${d.partner} changed: ${d.name}, ${d.country} (${list(d.roles)})`,
  SalesMandateGranted: (d) =>
    `${d.partner} lets its metal be sold under mandate ${d.mandate} from ${d.validFrom} to ${d.validTo}`,
  SalesMandateRevoked: (d) => `Mandate ${d.mandate} to sell the metal of ${d.partner} revoked${because(d.reason)}`,
  LocationDefined: (d) => `${d.name} (${d.location}) defined as ${d.kind}, ${capacity(d.capacityCoils)}`,
  LocationChanged: (d) => `${d.name} (${d.location}) changed: ${d.kind}, ${capacity(d.capacityCoils)}`,
  CoilStored: (d) => `Coil ${d.coil} put in ${d.location}`,
  CoilTaken: (d) => `Coil ${d.coil} taken from ${d.location}`,
  LineDefined: (d) => `Line ${d.name} (${d.line}) defined: ${list(d.steps)}`,
  LineChanged: (d) => `Line ${d.name} (${d.line}) changed: ${list(d.steps)}`,
  LineEngaged: (d) => `Line ${d.line} taken by ${work[d.by]} ${d.number}`,
  LineFreed: (d) => `Line ${d.line} free again after ${work[d.by]} ${d.number}`,
  AlloyDefined: (d) => `Alloy ${d.alloy} defined with its limits`,
  AlloyChanged: (d) => `Limits of alloy ${d.alloy} changed`,
  TemperDefined: (d) => `Temper ${d.temper} defined: ${d.description}`,
}
