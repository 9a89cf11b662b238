import { Injectable } from '@nestjs/common'
import { InjectDataSource } from '@nestjs/typeorm'
import type { DataSource } from 'typeorm'
import { Clock } from '#platform/clock'
import { cursorFor, page, partsOf } from '../http/cursor.js'
import { Values, where } from '../http/query.js'
import { type Conditions, coilConditions, countedConditions, FACETS, type Facet, ofCoils } from './conditions.js'
import type { StockFilter, StockSearch } from './search-query.js'
import { orderBy, placeOf, sortOf } from './sorts.js'
import { asStockCoil, type StockCoilRow, selectStockCoil } from './stock-coil.js'
import { DIMENSIONS } from './stock-counts.js'

export interface Totals {
  readonly coils: number
  readonly kg: number
}
export type FacetCounts = Record<Facet, ({ value: string | null } & Totals)[]>

const SUMS = 'coalesce(sum("coils"), 0)::float8 AS "coils", coalesce(sum("kg"), 0)::float8 AS "kg"'

@Injectable()
export class StockSearcher {
  constructor(
    @InjectDataSource('inventory') private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  async search(search: StockSearch) {
    const [found, totals, facets] = await Promise.all([
      this.page(search),
      this.totals(search),
      search.facets ? this.facets(search) : undefined,
    ])
    return { ...found, totals, ...(facets && { facets }) }
  }

  async page(search: StockSearch) {
    const sort = sortOf(search.sort)
    const values = new Values()
    const conditions = this.allConditions(search, values)
    if (search.cursor !== undefined) {
      const place = partsOf(search.cursor, sort.name, sort.parts).map((part) => values.of(part))
      const columns = sort.columns.map((column) => `"${column}"`)
      conditions.push(`(${columns.join(', ')}) ${sort.descending ? '<' : '>'} (${place.join(', ')})`)
    }
    const rows = await this.database.query<StockCoilRow[]>(
      `SELECT ${selectStockCoil} FROM coils ${where(conditions)} ORDER BY ${orderBy(sort)} LIMIT ${search.limit + 1}`,
      values.all,
    )
    return page(rows, search.limit, asStockCoil, (last) => cursorFor(sort.name, placeOf(sort, last)))
  }

  /** Of all that the filter finds, not of one page. */
  async totals(filter: StockFilter): Promise<Totals> {
    const values = new Values()
    const counted = countedConditions(filter, values)
    const others = coilConditions(filter, values, this.clock.now())
    const [totals] = await this.database.query<Totals[]>(
      others.size === 0
        ? `SELECT ${SUMS} FROM stock_counts ${where(['"coils" <> 0', ...counted.values()])}`
        : `SELECT count(*)::float8 AS "coils", coalesce(sum("netWeightKg"), 0)::float8 AS "kg"
           FROM coils ${where([...ofCoils(counted, filter), ...others.values()])}`,
      values.all,
    )
    return totals!
  }

  /** What each value of a facet would find, given all other filters: its own does not count, as in a shop. */
  async facets(filter: StockFilter): Promise<FacetCounts> {
    const values = new Values()
    const counted = countedConditions(filter, values)
    const others = coilConditions(filter, values, this.clock.now())
    const dimensions = DIMENSIONS.map((dimension) => `"${dimension}"`).join(', ')
    const isFacet = (field: string) => (FACETS as readonly string[]).includes(field)
    const base: Conditions = new Map([...counted].filter(([field]) => !isFacet(field)))
    const kinds =
      others.size === 0
        ? `SELECT ${dimensions}, "coils", "kg" FROM stock_counts ${where(['"coils" <> 0', ...base.values()])}`
        : `SELECT ${dimensions}, count(*) AS "coils", sum("netWeightKg") AS "kg"
           FROM coils ${where([...(filter.physical ? base.values() : ofCoils(base, filter)), ...others.values()])}
           GROUP BY ${dimensions}`
    const counts = FACETS.map((facet) => {
      const rest = [...counted].filter(([field]) => isFacet(field) && field !== facet).map(([, condition]) => condition)
      return `SELECT '${facet}' AS "facet", "${facet}" AS "value", ${SUMS} FROM kinds ${where(rest)} GROUP BY "${facet}"`
    })
    const rows = await this.database.query<({ facet: Facet; value: string } & Totals)[]>(
      `WITH kinds AS MATERIALIZED (${kinds}) ${counts.join(' UNION ALL ')} ORDER BY "facet", "coils" DESC, "value"`,
      values.all,
    )
    const facets = Object.fromEntries(FACETS.map((facet) => [facet, []])) as unknown as FacetCounts
    for (const { facet, value, coils, kg } of rows) facets[facet].push({ value: value || null, coils, kg })
    return facets
  }

  /** For the export: the whole of what the filter finds, in order. */
  statement(filter: StockFilter, sortName: string): { text: string; values: unknown[] } {
    const values = new Values()
    const conditions = this.allConditions(filter, values)
    const text = `SELECT ${selectStockCoil} FROM coils ${where(conditions)} ORDER BY ${orderBy(sortOf(sortName))}`
    return { text, values: values.all }
  }

  private allConditions(filter: StockFilter, values: Values): string[] {
    const counted = ofCoils(countedConditions(filter, values), filter)
    return [...counted, ...coilConditions(filter, values, this.clock.now()).values()]
  }
}
