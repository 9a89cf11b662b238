/** Filters as conditions of SQL, each under the name of its field. */
import { ON_HAND } from '../coils/coils-part.js'
import type { Values } from '../http/query.js'
import type { StockFilter } from './search-query.js'

/** Fields by whose values stock is counted: each is also a dimension of `stock_counts`. */
export const FACETS = ['alloy', 'temper', 'location', 'owner', 'physical', 'quality', 'commercial'] as const
export type Facet = (typeof FACETS)[number]

type Field = keyof StockFilter | 'scope'
export type Conditions = ReadonlyMap<Field, string>

/** `k` for `stock_counts`, `c` for coils: both know what kind a coil is of. */
type Alias = 'k' | 'c'

export const AVAILABLE_KINDS = `k."physical" IN ('in-stock', 'packed') AND k."commercial" = 'free'
  AND k."quality" NOT IN ('held', 'rejected')`

export const onHandIn = (alias: Alias) =>
  `${alias}."physical" IN (${[...ON_HAND].map((physical) => `'${physical}'`).join(', ')})`

/** Conditions that the kind of a coil answers. */
export function kindConditions(filter: StockFilter, values: Values, alias: Alias): Conditions {
  const conditions = new Map<Field, string>()
  for (const field of [...FACETS, 'form', 'holder'] as const) {
    const wanted = filter[field]
    if (wanted) conditions.set(field, `${alias}."${field}" = ANY(${values.of(wanted)})`)
  }
  if (filter.metalOf) conditions.set('metalOf', `${alias}."owner" = ${values.of(filter.metalOf)}`)
  if (!filter.physical) conditions.set('scope', onHandIn(alias))
  return conditions
}

/** Both tables can say it, each in its own way. */
export function available({ available }: StockFilter, alias: Alias): string[] {
  if (available === undefined) return []
  const are = alias === 'c' ? 'c."available"' : `(${AVAILABLE_KINDS})`
  return [available ? are : `NOT ${are}`]
}

/** Conditions that only the coils themselves can answer. `now` is when ages are counted from. */
export function coilConditions(filter: StockFilter, values: Values, now: Date): Conditions {
  const conditions = new Map<Field, string>()
  const range = (field: Field, column: string, relation: '>=' | '<=', bound: unknown) => {
    if (bound !== undefined) conditions.set(field, `c."${column}" ${relation} ${values.of(bound)}`)
  }
  const daysAgo = (days: number | undefined) =>
    days === undefined ? undefined : new Date(now.getTime() - days * DAY_MS)
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
  range('minAgeDays', 'enteredAt', '<=', daysAgo(filter.minAgeDays))
  range('maxAgeDays', 'enteredAt', '>=', daysAgo(filter.maxAgeDays))
  for (const field of ['supplier', 'customer', 'agreement', 'processLine', 'salesOrder', 'packingList'] as const) {
    const wanted = filter[field]
    if (wanted) conditions.set(field, `c."${field}" = ANY(${values.of(wanted)})`)
  }
  const among = (coils: string) => `c."coil" IN (SELECT n."coil" FROM ${coils})`
  if (filter.castNumber) {
    const melts = `${values.of(filter.castNumber)}::text[]`
    conditions.set(
      'castNumber',
      among(filter.metalOf ? `coils_of_melts(${melts}) n` : `coil_numbers n WHERE n."castNumbers" && ${melts}`),
    )
  }
  if (filter.processOrder) {
    const orders = values.of(filter.processOrder)
    conditions.set('processOrder', `c."processOrder" = ANY(${orders}) OR c."producedBy" = ANY(${orders})`)
  }
  if (filter.q) {
    const parts = filter.q.toUpperCase().split(/\s+/)
    const patterns = parts.map((part) => `%${likeLiteral(part)}%`)
    // The longest has the fewest: it is looked for in the index.
    if (filter.metalOf) patterns.sort((one, other) => other.length - one.length)
    const like = (pattern: string) => `n."numbers" LIKE ${values.of(pattern)}`
    conditions.set(
      'q',
      among(
        filter.metalOf
          ? `coils_numbered(${values.of(patterns)}::text[]) n`
          : `coil_numbers n WHERE ${patterns.map(like).join(' AND ')}`,
      ),
    )
  }
  return conditions
}

/** For the partial indexes of what is on hand, which know the flag and not the states. */
export function onHandFlag({ physical, available }: StockFilter): string[] {
  const only = available === true || (physical ?? [...ON_HAND]).every((state) => ON_HAND.has(state))
  return only ? ['c."onHand"'] : []
}

const likeLiteral = (text: string) => text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)

const DAY_MS = 86_400_000
