import { Body, Controller, Param, Post } from '@nestjs/common'
import { CommandBus } from '@nestjs/cqrs'
import { ApiTags } from '@nestjs/swagger'
import type { z } from 'zod'
import { orderNumber } from '#domain/words'
import { Records, RequestOfCommand } from '../pipeline/command-request.js'
import { NeedsFourEyes } from '../pipeline/four-eyes.js'
import type { CommandRequest, Outcome } from '../pipeline/plant-command.js'
import { AbortProcessOrder, abortProcessOrderBody } from './abort-process-order.command.js'
import { CompleteProcessOrder, completeProcessOrderBody } from './complete-process-order.command.js'
import { PlanProcessOrder, planProcessOrderBody } from './plan-process-order.command.js'
import { StartProcessOrder, startProcessOrderBody } from './start-process-order.command.js'

@ApiTags('processing')
@Controller('process-orders')
export class ProcessOrderController {
  constructor(private readonly commands: CommandBus) {}

  @Post()
  @Records('plan-process-order', 'Plan work on a line; the coils stay free until it starts')
  plan(
    @RequestOfCommand() request: CommandRequest,
    @Body({ schema: planProcessOrderBody }) body: z.output<typeof planProcessOrderBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new PlanProcessOrder(request, body))
  }

  @Post(':order/start')
  @Records('start-process-order', 'Start a planned order: its coils leave their bays for the line')
  start(
    @RequestOfCommand() request: CommandRequest,
    @Param('order', { schema: orderNumber }) order: string,
    @Body({ schema: startProcessOrderBody }) body: z.output<typeof startProcessOrderBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new StartProcessOrder(request, { ...body, order }))
  }

  @Post(':order/complete')
  @Records(
    'complete-process-order',
    'Complete an order: what came out, what was scrap and loss; every kilogram is booked',
  )
  @NeedsFourEyes('where masses that do not balance are to be accepted')
  complete(
    @RequestOfCommand() request: CommandRequest,
    @Param('order', { schema: orderNumber }) order: string,
    @Body({ schema: completeProcessOrderBody }) body: z.output<typeof completeProcessOrderBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new CompleteProcessOrder(request, { ...body, order }))
  }

  @Post(':order/abort')
  @Records(
    'abort-process-order',
    'Abort an order of which nothing came out: its coils go back to stock as they were. ' +
      'If something came out, complete it instead, with what is left of a coil as a remnant',
  )
  abort(
    @RequestOfCommand() request: CommandRequest,
    @Param('order', { schema: orderNumber }) order: string,
    @Body({ schema: abortProcessOrderBody }) body: z.output<typeof abortProcessOrderBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new AbortProcessOrder(request, { ...body, order }))
  }
}
