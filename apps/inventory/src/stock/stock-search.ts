import { Injectable } from '@nestjs/common'
import { InjectDataSource } from '@nestjs/typeorm'
import type { DataSource } from 'typeorm'
import { Clock } from '#platform/clock'
import { cursorFor, page, partsOf } from '../http/cursor.js'
import { Values, where } from '../http/query.js'
import { coilConditions, countedConditions, FACETS, type Facet, ofCoils } from './conditions.js'
import { PHYSICAL, type StockFilter, type StockSearch } from './search-query.js'
import { orderBy, placeOf, sortOf } from './sorts.js'
import { asStockCoil, type StockCoilRow, selectStockCoil } from './stock-coil.js'

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
    const [found, counts] = await Promise.all([
      this.page(search),
      search.facets ? this.facets(search) : this.totals(search).then((totals) => ({ totals })),
    ])
    return { ...found, ...counts }
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
    const found = this.counted(filter, values, [])
    const [totals] = await this.database.query<Totals[]>(`SELECT ${SUMS} FROM (${found}) found`, values.all)
    return totals!
  }

  /**
   * Totals, and what each value of a facet would find, given all other filters: its own does not count, as in a shop.
   * Facets without a filter are counted together from what is found; each of the others asks for itself.
   */
  async facets(filter: StockFilter): Promise<{ totals: Totals; facets: FacetCounts }> {
    const values = new Values()
    const open = FACETS.filter((facet) => !filter[facet])
    const found = this.counted(filter, values, open)
    const ofFacet = (facet: Facet, from: string) =>
      `SELECT '${facet}' AS "facet", "${facet}" AS "value", ${SUMS} FROM ${from} GROUP BY "${facet}"`
    const counts = FACETS.map((facet) => {
      if (open.includes(facet)) return ofFacet(facet, 'found')
      return ofFacet(facet, `(${this.counted(filter, values, [facet], facet)}) others`)
    })
    const rows = await this.database.query<({ facet: Facet | 'totals'; value: string } & Totals)[]>(
      `WITH found AS MATERIALIZED (${found})
       SELECT 'totals' AS "facet", '' AS "value", ${SUMS} FROM found
       UNION ALL ${counts.join(' UNION ALL ')} ORDER BY "facet", "coils" DESC, "value"`,
      values.all,
    )
    const facets = Object.fromEntries(FACETS.map((facet) => [facet, []])) as unknown as FacetCounts
    let totals: Totals = { coils: 0, kg: 0 }
    for (const { facet, value, coils, kg } of rows) {
      if (facet === 'totals') totals = { coils, kg }
      else facets[facet].push({ value: value || null, coils, kg })
    }
    return { totals, facets }
  }

  /** For the export: the whole of what the filter finds, in order. */
  statement(filter: StockFilter, sortName: string): { text: string; values: unknown[] } {
    const values = new Values()
    const conditions = this.allConditions(filter, values)
    const text = `SELECT ${selectStockCoil} FROM coils ${where(conditions)} ORDER BY ${orderBy(sortOf(sortName))}`
    return { text, values: values.all }
  }

  /** Counts of what is found, by these dimensions: from the counts of kinds if they know enough, else from the coils. */
  private counted(filter: StockFilter, values: Values, by: readonly Facet[], without?: Facet): string {
    // Who asks for a physical state looks beyond what is on hand, and so does its facet.
    const states = filter.physical && without === 'physical' ? { physical: [...PHYSICAL] } : {}
    const asked: StockFilter = without ? { ...filter, [without]: undefined, ...states } : filter
    const kinds = countedConditions(asked, values)
    const others = coilConditions(asked, values, this.clock.now())
    const columns = by.map((facet) => `"${facet}"`)
    const group = columns.length ? `GROUP BY ${columns.join(', ')}` : ''
    if (others.size === 0) {
      // Kinds are few: adding up equal ones here would cost more than counting them one by one.
      const counts = [...columns, '"coils"', '"kg"']
      return `SELECT ${counts.join(', ')} FROM stock_counts ${where(['"coils" <> 0', ...kinds.values()])}`
    }
    const sums = ['count(*) AS "coils"', 'sum("netWeightKg") AS "kg"']
    return `SELECT ${[...columns, ...sums].join(', ')} FROM coils ${where([...ofCoils(kinds, asked), ...others.values()])} ${group}`
  }

  private allConditions(filter: StockFilter, values: Values): string[] {
    const counted = ofCoils(countedConditions(filter, values), filter)
    return [...counted, ...coilConditions(filter, values, this.clock.now()).values()]
  }
}
