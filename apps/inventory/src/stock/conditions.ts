/** Filters as conditions of SQL, each under the name of its field. */
import { ON_HAND } from '../coils/coils-part.js'
import type { Values } from '../http/query.js'
import type { StockFilter } from './search-query.js'

/** Fields by whose values stock is counted: each is also a dimension of `stock_counts`. */
export const FACETS = ['alloy', 'temper', 'location', 'owner', 'physical', 'quality', 'commercial'] as const
export type Facet = (typeof FACETS)[number]

type Field = keyof StockFilter | 'scope'
export type Conditions = ReadonlyMap<Field, string>

/** The same words are true of coils and of `stock_counts`. */
export const AVAILABLE = `"physical" IN ('in-stock', 'packed') AND "commercial" = 'free' AND "quality" NOT IN ('held', 'rejected')`
const SCOPE = `"physical" IN (${[...ON_HAND].map((physical) => `'${physical}'`).join(', ')})`

/** Conditions that need nothing but the dimensions of `stock_counts`. */
export function countedConditions(filter: StockFilter, values: Values): Conditions {
  const conditions = new Map<Field, string>()
  for (const field of [
    'alloy',
    'temper',
    'form',
    'owner',
    'holder',
    'location',
    'physical',
    'quality',
    'commercial',
  ] as const) {
    const wanted = filter[field]
    if (wanted) conditions.set(field, `"${field}" = ANY(${values.of(wanted)})`)
  }
  if (!filter.physical) conditions.set('scope', SCOPE)
  if (filter.available !== undefined) conditions.set('available', filter.available ? AVAILABLE : `NOT (${AVAILABLE})`)
  return conditions
}

/** Conditions that only the coils themselves can answer. `now` is when ages are counted from. */
export function coilConditions(filter: StockFilter, values: Values, now: Date): Conditions {
  const conditions = new Map<Field, string>()
  const range = (field: Field, column: string, relation: '>=' | '<=', bound: unknown) => {
    if (bound !== undefined) conditions.set(field, `"${column}" ${relation} ${values.of(bound)}`)
  }
  range('minGaugeMm', 'gaugeMm', '>=', filter.minGaugeMm)
  range('maxGaugeMm', 'gaugeMm', '<=', filter.maxGaugeMm)
  range('minWidthMm', 'widthMm', '>=', filter.minWidthMm)
  range('maxWidthMm', 'widthMm', '<=', filter.maxWidthMm)
  range('minInnerDiameterMm', 'innerDiameterMm', '>=', filter.minInnerDiameterMm)
  range('maxInnerDiameterMm', 'innerDiameterMm', '<=', filter.maxInnerDiameterMm)
  range('minOuterDiameterMm', 'outerDiameterMm', '>=', filter.minOuterDiameterMm)
  range('maxOuterDiameterMm', 'outerDiameterMm', '<=', filter.maxOuterDiameterMm)
  range('minWeightKg', 'netWeightKg', '>=', filter.minWeightKg)
  range('maxWeightKg', 'netWeightKg', '<=', filter.maxWeightKg)
  range(
    'minAgeDays',
    'enteredAt',
    '<=',
    filter.minAgeDays === undefined ? undefined : daysBefore(now, filter.minAgeDays),
  )
  range(
    'maxAgeDays',
    'enteredAt',
    '>=',
    filter.maxAgeDays === undefined ? undefined : daysBefore(now, filter.maxAgeDays),
  )
  for (const field of ['supplier', 'customer', 'agreement', 'processLine', 'salesOrder', 'packingList'] as const) {
    const wanted = filter[field]
    if (wanted) conditions.set(field, `"${field}" = ANY(${values.of(wanted)})`)
  }
  const numbered = (condition: string) => `"coil" IN (SELECT n."coil" FROM coil_numbers n WHERE ${condition})`
  if (filter.castNumber) {
    conditions.set('castNumber', numbered(`n."castNumbers" && ${values.of(filter.castNumber)}::text[]`))
  }
  if (filter.processOrder) {
    const orders = values.of(filter.processOrder)
    conditions.set('processOrder', `"processOrder" = ANY(${orders}) OR "producedBy" = ANY(${orders})`)
  }
  if (filter.q) {
    const parts = filter.q.toUpperCase().split(/\s+/)
    const found = parts.map((part) => `n."numbers" LIKE ${values.of(`%${likeLiteral(part)}%`)}`)
    conditions.set('q', numbered(found.join(' AND ')))
  }
  return conditions
}

/** The same of coils: what is on hand by its flag, which the partial indexes know. */
export function ofCoils(counted: Conditions, { physical, available }: StockFilter): string[] {
  const only = available === true || (physical ?? [...ON_HAND]).every((state) => ON_HAND.has(state))
  const conditions = [...counted].filter(([field]) => field !== 'scope').map(([, condition]) => condition)
  return only ? [...conditions, '"onHand"'] : conditions
}

const likeLiteral = (text: string) => text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)

const daysBefore = (now: Date, days: number) => new Date(now.getTime() - days * 86_400_000)
