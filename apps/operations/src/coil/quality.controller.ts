import { Body, Controller, Param, Post } from '@nestjs/common'
import { CommandBus } from '@nestjs/cqrs'
import { ApiTags } from '@nestjs/swagger'
import type { z } from 'zod'
import { coilNumber } from '#domain/words'
import { Records, RequestOfCommand } from '../pipeline/command-request.js'
import { NeedsFourEyes } from '../pipeline/four-eyes.js'
import type { CommandRequest, Outcome } from '../pipeline/plant-command.js'
import { DowngradeCoil, downgradeCoilBody } from './downgrade-coil.command.js'
import { HoldCoil, holdCoilBody } from './hold-coil.command.js'
import { InspectCoil, inspectCoilBody } from './inspect-coil.command.js'
import { RejectCoil, rejectCoilBody } from './reject-coil.command.js'
import { ReleaseCoil, releaseCoilBody } from './release-coil.command.js'

/** Whether a coil is good. Everybody at the coils may hold one; only quality lets it go. */
@ApiTags('coils')
@Controller('coils/:coil')
export class QualityController {
  constructor(private readonly commands: CommandBus) {}

  @Post('inspect')
  @Records('inspect-coil', 'Record an inspection; a nonconforming coil is on hold at once')
  inspect(
    @RequestOfCommand() request: CommandRequest,
    @Param('coil', { schema: coilNumber }) coil: string,
    @Body({ schema: inspectCoilBody }) body: z.output<typeof inspectCoilBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new InspectCoil(request, { ...body, coil }))
  }

  @Post('hold')
  @Records('hold-coil', 'Hold a coil and what was made from it')
  hold(
    @RequestOfCommand() request: CommandRequest,
    @Param('coil', { schema: coilNumber }) coil: string,
    @Body({ schema: holdCoilBody }) body: z.output<typeof holdCoilBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new HoldCoil(request, { ...body, coil }))
  }

  @Post('release')
  @Records('release-hold', 'Lift one hold from a coil and from what was made from it')
  @NeedsFourEyes('always')
  release(
    @RequestOfCommand() request: CommandRequest,
    @Param('coil', { schema: coilNumber }) coil: string,
    @Body({ schema: releaseCoilBody }) body: z.output<typeof releaseCoilBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new ReleaseCoil(request, { ...body, coil }))
  }

  @Post('downgrade')
  @Records('downgrade-coil', 'Downgrade a coil to a lesser use')
  @NeedsFourEyes('where holds are lifted')
  downgrade(
    @RequestOfCommand() request: CommandRequest,
    @Param('coil', { schema: coilNumber }) coil: string,
    @Body({ schema: downgradeCoilBody }) body: z.output<typeof downgradeCoilBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new DowngradeCoil(request, { ...body, coil }))
  }

  @Post('reject')
  @Records('reject-coil', 'Reject a coil: for remelting or scrap only')
  @NeedsFourEyes('where holds are lifted')
  reject(
    @RequestOfCommand() request: CommandRequest,
    @Param('coil', { schema: coilNumber }) coil: string,
    @Body({ schema: rejectCoilBody }) body: z.output<typeof rejectCoilBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new RejectCoil(request, { ...body, coil }))
  }
}
