import { Body, Controller, Param, Post } from '@nestjs/common'
import { CommandBus } from '@nestjs/cqrs'
import { ApiTags } from '@nestjs/swagger'
import type { z } from 'zod'
import { castNumber } from '#domain/words'
import { Records, RequestOfCommand } from '../pipeline/command-request.js'
import type { CommandRequest, Outcome } from '../pipeline/plant-command.js'
import { AnalyseMelt, analyseMeltBody } from './analyse-melt.command.js'

@ApiTags('casting')
@Controller('melts/:castNumber')
export class MeltController {
  constructor(private readonly commands: CommandBus) {}

  @Post('analysis')
  @Records('analyse-melt', 'Record the analysis of a melt; outside the alloy’s limits, accept it with a reason')
  analyse(
    @RequestOfCommand() request: CommandRequest,
    @Param('castNumber', { schema: castNumber }) number: string,
    @Body({ schema: analyseMeltBody }) body: z.output<typeof analyseMeltBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new AnalyseMelt(request, { ...body, castNumber: number }))
  }
}
