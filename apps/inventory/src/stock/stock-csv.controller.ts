import { Controller, Get, Query, Res } from '@nestjs/common'
import { ApiOkResponse, ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import { Clock } from '#platform/clock'
import { Reads } from '../http/reads.js'
import { type CsvQuery, csvQuery, StockCsv } from './stock-csv.js'

/** A reader that takes nothing for so long is gone. */
const STALLED_MS = 30_000

@ApiTags('stock')
@Controller()
export class StockCsvController {
  constructor(
    private readonly csv: StockCsv,
    private readonly clock: Clock,
  ) {}

  @Get('stock.csv')
  @Reads('export-stock', 'Stock as CSV: everything that the same search finds', {
    description: 'A cell that a spreadsheet would take for a formula begins with an apostrophe.',
  })
  @ApiOkResponse({ description: 'The file', content: { 'text/csv': { schema: { type: 'string' } } } })
  async export(@Query({ schema: csvQuery }) query: CsvQuery, @Res() reply: FastifyReply): Promise<void> {
    const rows = await this.csv.export(query)
    const day = this.clock.now().toISOString().slice(0, 10)
    reply.raw.setTimeout(STALLED_MS, () => reply.raw.destroy())
    await reply
      .type('text/csv; charset=utf-8; header=present')
      .header('Content-Disposition', `attachment; filename="stock-${day}.csv"`)
      .send(rows)
  }
}
