import { Body, Controller, Param, Post } from '@nestjs/common'
import { CommandBus } from '@nestjs/cqrs'
import { ApiTags } from '@nestjs/swagger'
import type { z } from 'zod'
import { coilNumber } from '#domain/words'
import { Records, RequestOfCommand } from '../pipeline/command-request.js'
import type { CommandRequest, Outcome } from '../pipeline/plant-command.js'
import { MoveCoil, moveCoilBody } from './move-coil.command.js'

@ApiTags('coils')
@Controller('coils/:coil')
export class CoilController {
  constructor(private readonly commands: CommandBus) {}

  @Post('move')
  @Records('Move a coil to another place', 'operator')
  move(
    @RequestOfCommand() request: CommandRequest,
    @Param('coil', { schema: coilNumber }) coil: string,
    @Body({ schema: moveCoilBody }) body: z.output<typeof moveCoilBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new MoveCoil(request, { ...body, coil }))
  }
}
