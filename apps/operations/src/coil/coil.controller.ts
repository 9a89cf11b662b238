import { Body, Controller, Param, Post } from '@nestjs/common'
import { CommandBus } from '@nestjs/cqrs'
import { ApiTags } from '@nestjs/swagger'
import type { z } from 'zod'
import { coilNumber } from '#domain/words'
import { Records, RequestOfCommand } from '../pipeline/command-request.js'
import { NeedsFourEyes } from '../pipeline/four-eyes.js'
import type { CommandRequest, Outcome } from '../pipeline/plant-command.js'
import { CorrectProduct, correctProductBody } from './correct-product.command.js'
import { CorrectWeight, correctWeightBody } from './correct-weight.command.js'
import { MoveCoil, moveCoilBody } from './move-coil.command.js'
import { ScrapCoil, scrapCoilBody } from './scrap-coil.command.js'
import { TransferTitle, transferTitleBody } from './transfer-title.command.js'
import { WeighCoil, weighCoilBody } from './weigh-coil.command.js'

/** Where a coil is, what it weighs and is, and whose. */
@ApiTags('coils')
@Controller('coils/:coil')
export class CoilController {
  constructor(private readonly commands: CommandBus) {}

  @Post('move')
  @Records('move-coil', 'Move a coil to another place')
  move(
    @RequestOfCommand() request: CommandRequest,
    @Param('coil', { schema: coilNumber }) coil: string,
    @Body({ schema: moveCoilBody }) body: z.output<typeof moveCoilBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new MoveCoil(request, { ...body, coil }))
  }

  @Post('weigh')
  @Records('weigh-coil', 'Weigh a coil in stock')
  weigh(
    @RequestOfCommand() request: CommandRequest,
    @Param('coil', { schema: coilNumber }) coil: string,
    @Body({ schema: weighCoilBody }) body: z.output<typeof weighCoilBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new WeighCoil(request, { ...body, coil }))
  }

  @Post('correct-weight')
  @Records('correct-weight', 'Correct a weight that was recorded wrong')
  @NeedsFourEyes('where the coil was sold')
  correctWeight(
    @RequestOfCommand() request: CommandRequest,
    @Param('coil', { schema: coilNumber }) coil: string,
    @Body({ schema: correctWeightBody }) body: z.output<typeof correctWeightBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new CorrectWeight(request, { ...body, coil }))
  }

  @Post('correct-product')
  @Records('correct-product', 'Correct an alloy, temper or dimension that was recorded wrong')
  correctProduct(
    @RequestOfCommand() request: CommandRequest,
    @Param('coil', { schema: coilNumber }) coil: string,
    @Body({ schema: correctProductBody }) body: z.output<typeof correctProductBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new CorrectProduct(request, { ...body, coil }))
  }

  @Post('scrap')
  @Records('scrap-coil', 'Scrap a coil for good')
  scrap(
    @RequestOfCommand() request: CommandRequest,
    @Param('coil', { schema: coilNumber }) coil: string,
    @Body({ schema: scrapCoilBody }) body: z.output<typeof scrapCoilBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new ScrapCoil(request, { ...body, coil }))
  }

  @Post('transfer-title')
  @Records('transfer-title', 'Give a coil to another owner, or into other hands')
  transferTitle(
    @RequestOfCommand() request: CommandRequest,
    @Param('coil', { schema: coilNumber }) coil: string,
    @Body({ schema: transferTitleBody }) body: z.output<typeof transferTitleBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new TransferTitle(request, { ...body, coil }))
  }
}
