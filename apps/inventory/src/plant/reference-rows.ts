import type { EventCatalog } from '#domain/event'
import { type LineWork, type Mandate, type PlantEvent, plantEvents } from '#domain/plant/events'
import { type RowKey, row, table } from '#projection/projection'
import type { Part } from '../projection/part.js'

export type ReferenceKind = 'plant' | 'partner' | 'location' | 'line' | 'alloy' | 'temper'

/** What the plant knows by name, as last told: partners, locations, lines, alloys, tempers, and the plant itself. */
export interface ReferenceRow {
  kind: ReferenceKind
  code: string
  revision: number
  details: object
}

export const reference = table<ReferenceRow>({
  name: 'reference',
  // Whom the plant deals with, and how it works, is its own affair.
  partnersSee: { rows: () => `"kind" IN ('plant', 'alloy', 'temper')` },
  primaryKey: ['kind', 'code'],
  columns: { kind: 'text', code: 'text', revision: 'integer', details: 'jsonb' },
})

// That a coil was put in a bay or taken out the coil's own history tells.
const { CoilStored: _stored, CoilTaken: _taken, ...told } = plantEvents

type ToldEvent = Exclude<PlantEvent, { type: 'CoilStored' | 'CoilTaken' }>

export const plant: Part<ToldEvent> = {
  tables: [reference],
  catalog: told satisfies EventCatalog,
  reads: (fact): RowKey[] => [row(reference, [...nameOf(fact)])],
  apply(fact, { revision }, rows) {
    const [kind, code] = nameOf(fact)
    const before = rows.get(reference, [kind, code])?.details
    rows.put(reference, { kind, code, revision, details: detailsAfter(before as Before, fact) })
  },
}

interface Before {
  readonly mandates?: readonly Mandate[]
  readonly engaged?: Omit<LineWork, 'line'> | null
}

function detailsAfter(before: Before | undefined, { type, data }: ToldEvent): object {
  const mandates = before?.mandates ?? []
  switch (type) {
    case 'PartnerRegistered':
    case 'PartnerChanged':
      return { ...data, mandates }
    case 'SalesMandateGranted':
      return { ...before, mandates: [...mandates, data] }
    case 'SalesMandateRevoked':
      return { ...before, mandates: mandates.filter(({ mandate }) => mandate !== data.mandate) }
    case 'LineDefined':
    case 'LineChanged':
      return { ...data, engaged: before?.engaged ?? null }
    case 'LineEngaged':
      return { ...before, engaged: { by: data.by, number: data.number } }
    case 'LineFreed':
      return { ...before, engaged: null }
    default:
      return data
  }
}

function nameOf({ type, data }: ToldEvent): [ReferenceKind, string] {
  switch (type) {
    case 'PlantConfigured':
      return ['plant', 'main']
    case 'PartnerRegistered':
    case 'PartnerChanged':
    case 'SalesMandateGranted':
    case 'SalesMandateRevoked':
      return ['partner', data.partner]
    case 'LocationDefined':
    case 'LocationChanged':
      return ['location', data.location]
    case 'LineDefined':
    case 'LineChanged':
    case 'LineEngaged':
    case 'LineFreed':
      return ['line', data.line]
    case 'AlloyDefined':
    case 'AlloyChanged':
      return ['alloy', data.alloy]
    case 'TemperDefined':
      return ['temper', data.temper]
  }
}
