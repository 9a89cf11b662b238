import type { Location, Mandate, Partner, PlantSettings } from '../events.js'

export const firstSettings: PlantSettings = {
  name: 'Alro Slatina',
  company: 'ALRO',
  timeZone: 'Europe/Bucharest',
  receiptTolerance: { kg: 20, percent: 0.5 },
}

/** The plant's company, the smelter that it processes for, and customers and a carrier to begin with. */
export const firstPartners: readonly Partner[] = [
  { partner: 'ALRO', name: 'Alro S.A.', country: 'RO', roles: ['owner', 'processor'] },
  { partner: 'AZAL', name: 'Azeraluminium LLC', country: 'AZ', roles: ['owner', 'supplier'] },
  { partner: 'METALCO', name: 'Metalco Construct', country: 'RO', roles: ['customer'] },
  { partner: 'FOLIENWERK', name: 'Folienwerk Süd', country: 'DE', roles: ['customer'] },
  { partner: 'LAMINOX', name: 'Laminox', country: 'IT', roles: ['customer'] },
  { partner: 'DANUBE-CARGO', name: 'Danube Cargo', country: 'RO', roles: ['carrier'] },
]

export const firstMandate: Mandate = {
  partner: 'AZAL',
  mandate: 'AZAL-MANDATE-1',
  validFrom: '2026-01-01',
  validTo: '2030-12-31',
}

const bays = Array.from({ length: 12 }, (_, i): Location => {
  const number = String(i + 1).padStart(2, '0')
  return { location: `BAY-${number}`, name: `Bay ${number}`, kind: 'bay', capacityCoils: 60 }
})

export const firstLocations: readonly Location[] = [
  { location: 'GATE', name: 'Gate and weighbridge', kind: 'gate', capacityCoils: null },
  { location: 'YARD', name: 'Yard', kind: 'yard', capacityCoils: null },
  ...bays,
  { location: 'QUARANTINE', name: 'Quarantine bay', kind: 'bay', capacityCoils: 40 },
  { location: 'DISPATCH', name: 'Dispatch store', kind: 'store', capacityCoils: 200 },
]
