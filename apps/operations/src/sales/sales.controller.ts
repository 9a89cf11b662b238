import { Body, Controller, Param, Post } from '@nestjs/common'
import { CommandBus } from '@nestjs/cqrs'
import { ApiTags } from '@nestjs/swagger'
import type { z } from 'zod'
import { orderNumber } from '#domain/words'
import { Records, RequestOfCommand } from '../pipeline/command-request.js'
import type { CommandRequest, Outcome } from '../pipeline/plant-command.js'
import { CancelSalesOrder, cancelSalesOrderBody } from './cancel-sales-order.command.js'
import { DeliverGoods, deliverGoodsBody } from './deliver-goods.command.js'
import { DispatchGoods, dispatchGoodsBody } from './dispatch-goods.command.js'
import { PlaceSalesOrder, placeSalesOrderBody } from './place-sales-order.command.js'
import { ReturnGoods, returnGoodsBody } from './return-goods.command.js'

const order = { schema: orderNumber }

/** Orders, and what leaves for them. */
@ApiTags('sales')
@Controller('sales-orders')
export class SalesController {
  constructor(private readonly commands: CommandBus) {}

  @Post()
  @Records('place-sales-order', 'Place a customer’s order')
  place(
    @RequestOfCommand() request: CommandRequest,
    @Body({ schema: placeSalesOrderBody }) body: z.output<typeof placeSalesOrderBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new PlaceSalesOrder(request, body))
  }

  @Post(':order/dispatch')
  @Records('dispatch-goods', 'Dispatch sold coils with a delivery note')
  dispatch(
    @RequestOfCommand() request: CommandRequest,
    @Param('order', order) salesOrder: string,
    @Body({ schema: dispatchGoodsBody }) body: z.output<typeof dispatchGoodsBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new DispatchGoods(request, { ...body, salesOrder }))
  }

  @Post(':order/deliver')
  @Records('confirm-delivery', 'The customer has what left with a delivery note, and owns it')
  deliver(
    @RequestOfCommand() request: CommandRequest,
    @Param('order', order) salesOrder: string,
    @Body({ schema: deliverGoodsBody }) body: z.output<typeof deliverGoodsBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new DeliverGoods(request, { ...body, salesOrder }))
  }

  @Post(':order/return')
  @Records('take-back-goods', 'Take coils back that left: in stock again, on hold')
  return(
    @RequestOfCommand() request: CommandRequest,
    @Param('order', order) salesOrder: string,
    @Body({ schema: returnGoodsBody }) body: z.output<typeof returnGoodsBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new ReturnGoods(request, { ...body, salesOrder }))
  }

  @Post(':order/cancel')
  @Records('cancel-sales-order', 'Cancel an order of which nothing is out')
  cancel(
    @RequestOfCommand() request: CommandRequest,
    @Param('order', order) salesOrder: string,
    @Body({ schema: cancelSalesOrderBody }) body: z.output<typeof cancelSalesOrderBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new CancelSalesOrder(request, { ...body, salesOrder }))
  }
}
