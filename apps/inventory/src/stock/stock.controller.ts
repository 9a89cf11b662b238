import { Controller, Get, Query } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import { Reads } from '../http/reads.js'
import { type StockSearch, stockSearch } from './search-query.js'
import { stockPage } from './stock.schema.js'
import { StockSearcher } from './stock-search.js'
import { StockSummary, type SummaryQuery, stockSummary, summaryQuery } from './stock-summary.js'

@ApiTags('stock')
@Controller('stock')
export class StockController {
  constructor(
    private readonly searcher: StockSearcher,
    private readonly summary: StockSummary,
  ) {}

  @Get()
  @Reads('search-stock', 'Search stock', {
    description:
      'Coils on hand, unless `physical` says otherwise. Every filter narrows; several values of one filter widen it. ' +
      'Totals are those of all that is found. The next page begins behind the last coil of this one, whatever came or went meanwhile.',
    answer: stockPage,
  })
  search(@Query({ schema: stockSearch }) query: StockSearch) {
    return this.searcher.search(query)
  }

  @Get('expected')
  @Reads('search-stock', 'Coils announced and not received yet', { answer: stockPage })
  expected(@Query({ schema: stockSearch }) query: StockSearch) {
    return this.searcher.search({ ...query, physical: ['expected'] })
  }

  @Get('in-process')
  @Reads('search-stock', 'Coils on a line now', { answer: stockPage })
  inProcess(@Query({ schema: stockSearch }) query: StockSearch) {
    return this.searcher.search({ ...query, physical: ['in-process'] })
  }

  @Get('reserved')
  @Reads('search-stock', 'Coils on hand that are reserved, for whom and until when', { answer: stockPage })
  reserved(@Query({ schema: stockSearch }) query: StockSearch) {
    return this.searcher.search({ ...query, commercial: ['reserved'] })
  }

  @Get('summary')
  @Reads('search-stock', 'How much there is of what', {
    description: 'Coils and kilograms by the dimensions asked for; without `by`, of everything together.',
    answer: stockSummary,
  })
  summarise(@Query({ schema: summaryQuery }) query: SummaryQuery) {
    return this.summary.of(query)
  }
}
