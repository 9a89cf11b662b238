import { Module } from '@nestjs/common'
import { readModelModule } from '#platform/read-model/read-model.module'
import { projectionModule } from '#projection/projection.module'
import { ApprovalController } from './approvals/approval.controller.js'
import { PackingListController } from './arrivals/packing-list.controller.js'
import { BalanceController } from './balance/balance.controller.js'
import { Balance } from './balance/balance.js'
import { CastingRunController } from './casting/casting-run.controller.js'
import { ChangesController } from './changes/changes.controller.js'
import { LiveChanges } from './changes/live-changes.js'
import { CoilController } from './coils/coil.controller.js'
import { Passports } from './coils/passport.js'
import { FamilyTree } from './genealogy/family-tree.js'
import { Genealogy } from './genealogy/genealogy.js'
import { HiddenRelatives } from './genealogy/hidden-relatives.js'
import { MeltController } from './melts/melt.controller.js'
import { Melts } from './melts/melts.js'
import { PlantController } from './plant/plant.controller.js'
import { Reference } from './plant/reference.js'
import { ProcessOrderController } from './processing/process-order.controller.js'
import { inventory } from './projection/inventory.projection.js'
import { DeliveryNoteController } from './sales/delivery-note.controller.js'
import { MatchingCoils } from './sales/matching-coils.js'
import { SalesOrderController } from './sales/sales-order.controller.js'
import { SalesOrders } from './sales/sales-orders.js'
import { StockController } from './stock/stock.controller.js'
import { StockCsvController } from './stock/stock-csv.controller.js'
import { StockCsv } from './stock/stock-csv.js'
import { StockSearcher } from './stock/stock-search.js'
import { StockSummary } from './stock/stock-summary.js'
import { OwnHistory } from './timeline/own-history.js'
import { Timeline } from './timeline/timeline.js'

/** What is in stock, where it comes from, and who wants it: the read side that people look at all day. */
@Module({
  imports: [
    projectionModule(inventory),
    // The runner makes and swaps the tables; this is how they are queried.
    readModelModule('inventory'),
  ],
  controllers: [
    StockController,
    StockCsvController,
    CoilController,
    MeltController,
    CastingRunController,
    ProcessOrderController,
    SalesOrderController,
    DeliveryNoteController,
    PackingListController,
    PlantController,
    BalanceController,
    ApprovalController,
    ChangesController,
  ],
  providers: [
    StockSearcher,
    StockSummary,
    StockCsv,
    Passports,
    Timeline,
    OwnHistory,
    HiddenRelatives,
    Genealogy,
    FamilyTree,
    Melts,
    SalesOrders,
    MatchingCoils,
    Reference,
    Balance,
    LiveChanges,
  ],
})
export class InventoryModule {}
