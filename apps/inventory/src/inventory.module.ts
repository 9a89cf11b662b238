import { Module } from '@nestjs/common'
import { readModelModule } from '#platform/read-model/read-model.module'
import { projectionModule } from '#projection/projection.module'
import { inventory } from './projection/inventory.projection.js'
import { StockController } from './stock/stock.controller.js'
import { StockSearcher } from './stock/stock-search.js'
import { StockSummary } from './stock/stock-summary.js'

/** What is in stock, where it comes from, and who wants it: the read side that people look at all day. */
@Module({
  imports: [
    projectionModule(inventory),
    // The runner makes and swaps the tables; this is how they are queried.
    readModelModule({ schema: 'inventory', entities: [], migrations: [] }),
  ],
  controllers: [StockController],
  providers: [StockSearcher, StockSummary],
})
export class InventoryModule {}
