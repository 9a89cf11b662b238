import { Injectable } from '@nestjs/common'
import { Clock } from '#platform/clock'
import { InjectReader, Reader } from '#platform/read-model/reader'
import { cursorFor, page, partsOf } from '../http/cursor.js'
import { Values, where } from '../http/query.js'
import {
  available,
  type Conditions,
  coilConditions,
  FACETS,
  type Facet,
  kindConditions,
  onHandFlag,
} from './conditions.js'
import { PHYSICAL, type StockFilter, type StockSearch } from './search-query.js'
import { orderBy, placeOf, type Sort, sortOf } from './sorts.js'
import { asStockCoil, type StockCoilRow, selectStockCoil } from './stock-coil.js'

export interface Totals {
  readonly coils: number
  readonly kg: number
}
export type FacetCounts = Record<Facet, ({ value: string | null } & Totals)[]>

interface Counts {
  readonly totals: Totals
  readonly facets?: FacetCounts
}

const SUMS = 'coalesce(sum("coils"), 0)::float8 AS "coils", coalesce(sum("kg"), 0)::float8 AS "kg"'

/** So many coils are gathered and sorted in less time than it may take to meet the first of them on the way. */
const FEW = 20_000

@Injectable()
export class StockSearcher {
  constructor(
    @InjectReader('inventory') private readonly reader: Reader,
    private readonly clock: Clock,
  ) {}

  async search(asked: StockSearch) {
    const search = { ...asked, metalOf: this.reader.partner }
    const counts = await (search.facets ? this.facets(search) : this.totals(search))
    return { ...(await this.page(search, counts.totals)), ...counts }
  }

  private async page(search: Search, { coils }: Totals) {
    const sort = sortOf(search.sort)
    const values = new Values()
    const place = search.cursor && partsOf(search.cursor, sort.name, sort.parts)
    const text = coils > FEW ? this.walked(search, sort, place, values) : this.gathered(search, sort, place, values)
    const rows = await this.reader.query<StockCoilRow[]>(text, values.all)
    return page(rows, search.limit, asStockCoil, (last) => cursorFor(sort.name, placeOf(sort, last)))
  }

  /** Along the index of the order, from where the page begins: soon done where much of what is met is wanted. */
  private walked(search: Search, sort: Sort, place: Place, values: Values): string {
    const conditions = [
      ...this.allConditions(search, values),
      ...behind(sort, place, values, (column) => `c."${column}"`),
    ]
    return `SELECT ${selectStockCoil} FROM coils c ${where(conditions)} ORDER BY ${orderBy(sort)} LIMIT ${search.limit + 1}`
  }

  /** All that is found, by the narrow index of kinds; then the first of them in order, and only their rows. */
  private gathered(search: Search, sort: Sort, place: Place, values: Values): string {
    const columns = sort.columns.map((column) => `${ofKind.has(column) ? 'k' : 'c'}."${column}"`)
    const byKind = sort.columns.some((column) => ofKind.has(column))
    const found = `SELECT ${columns.join(', ')} ${this.fromCoils(search, values, byKind)}`
    const further = where(behind(sort, place, values, (column) => `"${column}"`))
    return `WITH found AS MATERIALIZED (${found}),
      page AS MATERIALIZED (SELECT "coil" FROM found ${further} ORDER BY ${orderBy(sort)} LIMIT ${search.limit + 1})
      SELECT ${selectStockCoil} FROM coils WHERE "coil" IN (SELECT "coil" FROM page) ORDER BY ${orderBy(sort)}`
  }

  /** Of all that the filter finds, not of one page. */
  private async totals(filter: StockFilter): Promise<Counts> {
    const values = new Values()
    const found = this.counted(filter, values, [])
    const [totals] = await this.reader.query<Totals[]>(`SELECT ${SUMS} FROM (${found}) found`, values.all)
    return { totals: totals! }
  }

  /**
   * Totals, and what each value of a facet would find, given all other filters: its own does not count, as in a shop.
   * Facets without a filter are counted together from what is found; each of the others asks for itself.
   */
  private async facets(filter: StockFilter): Promise<Counts> {
    const values = new Values()
    const open = FACETS.filter((facet) => !filter[facet])
    const found = this.counted(filter, values, open)
    const ofFacet = (facet: Facet, from: string) =>
      `SELECT '${facet}' AS "facet", "${facet}" AS "value", ${SUMS} FROM ${from} GROUP BY "${facet}"`
    const counts = FACETS.map((facet) => {
      if (open.includes(facet)) return ofFacet(facet, 'found')
      return ofFacet(facet, `(${this.counted(filter, values, [facet], facet)}) others`)
    })
    const rows = await this.reader.query<({ facet: Facet | 'totals'; value: string } & Totals)[]>(
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

  /** Counts of what is found, by these dimensions. Kinds are few: equal ones are left for the caller to add up. */
  private counted(filter: StockFilter, values: Values, by: readonly Facet[], without?: Facet): string {
    // Who asks for a physical state looks beyond what is on hand, and so does its facet.
    const states = filter.physical && without === 'physical' ? { physical: [...PHYSICAL] } : {}
    const asked: StockFilter = without ? { ...filter, [without]: undefined, ...states } : filter
    const columns = by.map((facet) => `k."${facet}"`).concat('')
    if (this.askedOfKinds(asked)) {
      const conditions = ['k."coils" <> 0', ...kindConditions(asked, values, 'k').values(), ...available(asked, 'k')]
      return `SELECT ${columns.join(', ')} k."coils", k."kg" FROM stock_counts k ${where(conditions)}`
    }
    const sums = 'count(*) AS "coils", sum(c."netWeightKg") AS "kg"'
    if (by.length === 0) return `SELECT ${sums} ${this.fromCoils(asked, values)}`
    const perKind = `SELECT c."kind", ${sums} ${this.fromCoils(asked, values)} GROUP BY c."kind"`
    return `SELECT ${columns.join(', ')} n."coils", n."kg" FROM (${perKind}) n JOIN stock_counts k USING ("kind")`
  }

  private fromCoils(filter: StockFilter, values: Values, byKind = false): string {
    const flag = onHandFlag(filter)
    const kinds = saidOf(kindConditions(filter, values, 'k'), flag)
    const others = coilConditions(filter, values, this.clock.now()).values()
    const join = byKind || kinds.length > 0 ? 'JOIN stock_counts k USING ("kind")' : ''
    return `FROM coils c ${join} ${where([...kinds, ...others, ...available(filter, 'c'), ...flag])}`
  }

  private askedOfKinds(filter: StockFilter): boolean {
    return coilConditions(filter, new Values(), this.clock.now()).size === 0
  }

  /** For the export: the whole of what the filter finds, in order. */
  statement(filter: StockFilter, sortName: string): { text: string; values: unknown[] } {
    const values = new Values()
    const conditions = this.allConditions({ ...filter, metalOf: this.reader.partner }, values)
    const text = `SELECT ${selectStockCoil} FROM coils c ${where(conditions)} ORDER BY ${orderBy(sortOf(sortName))}`
    return { text, values: values.all }
  }

  private allConditions(filter: StockFilter, values: Values): string[] {
    const flag = onHandFlag(filter)
    const kinds = saidOf(kindConditions(filter, values, 'c'), flag)
    return [...flag, ...kinds, ...available(filter, 'c'), ...coilConditions(filter, values, this.clock.now()).values()]
  }
}

/** What is on hand need not be said by states where the flag says it. */
const saidOf = (kinds: Conditions, flag: readonly string[]): string[] =>
  [...kinds].filter(([field]) => field !== 'scope' || flag.length === 0).map(([, condition]) => condition)

type Search = StockSearch & StockFilter
type Place = readonly (string | number)[] | '' | undefined

const ofKind: ReadonlySet<string> = new Set(['alloy', 'temper', 'location'])

function behind(sort: Sort, place: Place, values: Values, name: (column: string) => string): string[] {
  if (!place) return []
  const columns = sort.columns.map(name)
  const parts = place.map((part) => values.of(part))
  return [`(${columns.join(', ')}) ${sort.descending ? '<' : '>'} (${parts.join(', ')})`]
}
