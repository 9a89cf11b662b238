import { Body, Controller, Param, Post } from '@nestjs/common'
import { CommandBus } from '@nestjs/cqrs'
import { ApiTags } from '@nestjs/swagger'
import type { z } from 'zod'
import { orderNumber } from '#domain/words'
import { Records, RequestOfCommand } from '../pipeline/command-request.js'
import { NeedsFourEyes } from '../pipeline/four-eyes.js'
import type { CommandRequest, Outcome } from '../pipeline/plant-command.js'
import { CastCoils, castCoilsBody } from './cast-coils.command.js'
import { ChargeMelt, chargeMeltBody } from './charge-melt.command.js'
import { FinishCastingRun, finishCastingRunBody } from './finish-casting-run.command.js'
import { StartCastingRun, startCastingRunBody } from './start-casting-run.command.js'

@ApiTags('casting')
@Controller('casting-runs')
export class CastingRunController {
  constructor(private readonly commands: CommandBus) {}

  @Post()
  @Records('start-casting-run', 'Start a casting run on a free caster')
  start(
    @RequestOfCommand() request: CommandRequest,
    @Body({ schema: startCastingRunBody }) body: z.output<typeof startCastingRunBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new StartCastingRun(request, body))
  }

  @Post(':run/melts')
  @Records('charge-melt', 'Charge a melt to a casting run: a new one, or a remelt')
  charge(
    @RequestOfCommand() request: CommandRequest,
    @Param('run', { schema: orderNumber }) run: string,
    @Body({ schema: chargeMeltBody }) body: z.output<typeof chargeMeltBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new ChargeMelt(request, { ...body, run }))
  }

  @Post(':run/coils')
  @Records('cast-coils', 'Record coils that came off the caster')
  cast(
    @RequestOfCommand() request: CommandRequest,
    @Param('run', { schema: orderNumber }) run: string,
    @Body({ schema: castCoilsBody }) body: z.output<typeof castCoilsBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new CastCoils(request, { ...body, run }))
  }

  @Post(':run/finish')
  @Records('finish-casting-run', 'Finish a casting run, with its scrap and loss: masses must balance')
  @NeedsFourEyes('where masses that do not balance are to be accepted')
  finish(
    @RequestOfCommand() request: CommandRequest,
    @Param('run', { schema: orderNumber }) run: string,
    @Body({ schema: finishCastingRunBody }) body: z.output<typeof finishCastingRunBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new FinishCastingRun(request, { ...body, run }))
  }
}
