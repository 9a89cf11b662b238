import { Module } from '@nestjs/common'
import { CqrsModule } from '@nestjs/cqrs'
import { projectionModule } from '#projection/projection.module'
import { PipelineModule } from '../pipeline/pipeline.module.js'
import { CancelSaleHandler } from './cancel-sale.command.js'
import { CancelSalesOrderHandler } from './cancel-sales-order.command.js'
import { DeliverGoodsHandler } from './deliver-goods.command.js'
import { DispatchGoodsHandler } from './dispatch-goods.command.js'
import { ExtendReservationHandler } from './extend-reservation.command.js'
import { OrderLineController } from './order-line.controller.js'
import { PlaceSalesOrderHandler } from './place-sales-order.command.js'
import { ReleaseCoilsHandler } from './release-coils.command.js'
import { ReservationExpiry } from './reservation-expiry/reservation-expiry.js'
import { operationsProjection } from './reservation-expiry/reserved-coils.projection.js'
import { ReserveCoilsHandler } from './reserve-coils.command.js'
import { ReturnGoodsHandler } from './return-goods.command.js'
import { SalesController } from './sales.controller.js'
import { SellCoilsHandler } from './sell-coils.command.js'

@Module({
  imports: [CqrsModule, PipelineModule, projectionModule(operationsProjection)],
  controllers: [SalesController, OrderLineController],
  providers: [
    CancelSaleHandler,
    CancelSalesOrderHandler,
    DeliverGoodsHandler,
    DispatchGoodsHandler,
    ExtendReservationHandler,
    PlaceSalesOrderHandler,
    ReleaseCoilsHandler,
    ReservationExpiry,
    ReserveCoilsHandler,
    ReturnGoodsHandler,
    SellCoilsHandler,
  ],
})
export class SalesModule {}
