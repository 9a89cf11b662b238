import { Body, Controller, Param, Post } from '@nestjs/common'
import { CommandBus } from '@nestjs/cqrs'
import { ApiTags } from '@nestjs/swagger'
import type { z } from 'zod'
import { coilNumber } from '#domain/words'
import { Records, RequestOfCommand } from '../pipeline/command-request.js'
import type { CommandRequest, Outcome } from '../pipeline/plant-command.js'
import { AcceptDifference, acceptDifferenceBody } from './accept-difference.command.js'
import { ReceiveCoils, receiveCoilsBody } from './receive-coils.command.js'

@ApiTags('receipt')
@Controller()
export class ReceiptController {
  constructor(private readonly commands: CommandBus) {}

  @Post('receipts')
  @Records('receive-coils', 'Receive coils, one or many, all or none')
  receive(
    @RequestOfCommand() request: CommandRequest,
    @Body({ schema: receiveCoilsBody }) body: z.output<typeof receiveCoilsBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new ReceiveCoils(request, body))
  }

  @Post('coils/:coil/accept-difference')
  @Records('accept-difference', 'Accept a difference between announced and received weight')
  acceptDifference(
    @RequestOfCommand() request: CommandRequest,
    @Param('coil', { schema: coilNumber }) coil: string,
    @Body({ schema: acceptDifferenceBody }) body: z.output<typeof acceptDifferenceBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new AcceptDifference(request, { ...body, coil }))
  }
}
