/** Stock as a file that spreadsheets open without harm: as it is read, row by row, however much there is. */
import type { Readable } from 'node:stream'
import { Injectable } from '@nestjs/common'
import { stringify } from 'csv-stringify'
import { z } from 'zod'
import { after } from '#platform/consistency'
import { tryLater } from '#platform/problems/problem'
import { InjectReader, Reader } from '#platform/read-model/reader'
import { yesOrNo } from '../http/query.js'
import { stockFilter, stockSort } from './search-query.js'
import { STOCK_COIL_COLUMNS, type StockCoilRow } from './stock-coil.js'
import { StockSearcher } from './stock-search.js'

export const csvQuery = z.strictObject({
  ...stockFilter,
  sort: stockSort,
  separator: z
    .enum(['comma', 'semicolon'])
    .default('comma')
    .describe('with a semicolon, decimals have a comma: as spreadsheets of most of Europe read it'),
  bom: yesOrNo.default(false).describe('a byte order mark, which Excel needs to see that it is UTF-8'),
  ...after,
})
export type CsvQuery = z.output<typeof csvQuery>

/** Each holds a connection of the read model until its reader has it all: for staff, and for all partners together. */
const MOST_AT_ONCE = 3

@Injectable()
export class StockCsv {
  /** Whose they are: a partner, or staff. */
  private readonly underWay: (string | undefined)[] = []

  constructor(
    @InjectReader('inventory') private readonly reader: Reader,
    private readonly searcher: StockSearcher,
  ) {}

  async export({ separator, bom, sort, ...filter }: CsvQuery): Promise<Readable> {
    const leave = this.enter()
    try {
      const { text, values } = this.searcher.statement(filter, sort)
      const rows = await this.reader.stream(text, values)
      const csv = stringify({
        header: true,
        bom,
        columns: STOCK_COIL_COLUMNS as unknown as string[],
        delimiter: separator === 'comma' ? ',' : ';',
        record_delimiter: 'windows',
        cast: {
          string: harmless,
          number: (value) => (separator === 'comma' ? String(value) : String(value).replace('.', ',')),
          boolean: String,
          date: (value) => value.toISOString(),
          object: (value) => harmless(inOneCell(value as unknown as StockCoilRow['holds'] | string[])),
        },
      })
      // Whoever ends first, the other one and the connection must not be left behind.
      rows.on('error', (error) => csv.destroy(error))
      csv.once('close', () => rows.destroy())
      rows.once('close', leave)
      // Its reader may have it all, and ask for the next, before the connection is given back.
      rows.once('end', leave)
      return rows.pipe(csv)
    } catch (error) {
      leave()
      throw error
    }
  }

  /** A partner has one at a time: nobody who reads slowly is waited for by others. */
  private enter(): () => void {
    const whose = this.reader.partner
    const beside = this.underWay.filter((other) => (other === undefined) === (whose === undefined))
    if (beside.length >= MOST_AT_ONCE) {
      throw tryLater('too-many-exports', `${MOST_AT_ONCE} exports are under way; try again in a moment.`, 10)
    }
    if (whose !== undefined && beside.includes(whose)) {
      throw tryLater('export-under-way', `An export for ${whose} is under way; try again when it has ended.`, 10)
    }
    this.underWay.push(whose)
    let left = false
    return () => {
      if (!left) this.underWay.splice(this.underWay.indexOf(whose), 1)
      left = true
    }
  }
}

/** What a spreadsheet would take for a formula is shown as text; some take signs of full width for the same. */
export function harmless(text: string): string {
  return /^[=+\-@＝＋－＠\t\r\n]/.test(text) ? `'${text}` : text
}

function inOneCell(values: StockCoilRow['holds'] | string[]): string {
  return values.map((value) => (typeof value === 'string' ? value : value.reason)).join('; ')
}
