import { Body, Controller, Param, Post } from '@nestjs/common'
import { CommandBus } from '@nestjs/cqrs'
import { ApiTags } from '@nestjs/swagger'
import type { z } from 'zod'
import { orderNumber } from '#domain/words'
import { Records, RequestOfCommand } from '../pipeline/command-request.js'
import type { CommandRequest, Outcome } from '../pipeline/plant-command.js'
import { CancelSale, cancelSaleBody } from './cancel-sale.command.js'
import { lineNumber } from './coils-named.js'
import { ExtendReservation, extendReservationBody } from './extend-reservation.command.js'
import { ReleaseCoils, releaseCoilsBody } from './release-coils.command.js'
import { ReserveCoils, reserveCoilsBody } from './reserve-coils.command.js'
import { SellCoils, sellCoilsBody } from './sell-coils.command.js'

const order = { schema: orderNumber }
const number = { schema: lineNumber }

/** What one line of an order gets. */
@ApiTags('sales')
@Controller('sales-orders/:order/lines/:line')
export class OrderLineController {
  constructor(private readonly commands: CommandBus) {}

  @Post('reserve')
  @Records('reserve-coils', 'Put coils aside for a line, all or none')
  reserve(
    @RequestOfCommand() request: CommandRequest,
    @Param('order', order) salesOrder: string,
    @Param('line', number) line: number,
    @Body({ schema: reserveCoilsBody }) body: z.output<typeof reserveCoilsBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new ReserveCoils(request, { ...body, salesOrder, line }))
  }

  @Post('extend')
  @Records('extend-reservation', 'Change until when a reservation lasts')
  extend(
    @RequestOfCommand() request: CommandRequest,
    @Param('order', order) salesOrder: string,
    @Param('line', number) line: number,
    @Body({ schema: extendReservationBody }) body: z.output<typeof extendReservationBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new ExtendReservation(request, { ...body, salesOrder, line }))
  }

  @Post('release')
  @Records('release-reservation', 'Let reserved coils go')
  release(
    @RequestOfCommand() request: CommandRequest,
    @Param('order', order) salesOrder: string,
    @Param('line', number) line: number,
    @Body({ schema: releaseCoilsBody }) body: z.output<typeof releaseCoilsBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new ReleaseCoils(request, { ...body, salesOrder, line }))
  }

  @Post('sell')
  @Records('sell-coils', 'Sell coils, all or none, each once')
  sell(
    @RequestOfCommand() request: CommandRequest,
    @Param('order', order) salesOrder: string,
    @Param('line', number) line: number,
    @Body({ schema: sellCoilsBody }) body: z.output<typeof sellCoilsBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new SellCoils(request, { ...body, salesOrder, line }))
  }

  @Post('cancel-sale')
  @Records('cancel-sale', 'Take back the sale of coils that have not left')
  cancelSale(
    @RequestOfCommand() request: CommandRequest,
    @Param('order', order) salesOrder: string,
    @Param('line', number) line: number,
    @Body({ schema: cancelSaleBody }) body: z.output<typeof cancelSaleBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new CancelSale(request, { ...body, salesOrder, line }))
  }
}
