import { Body, Controller, HttpCode, Param, Put } from '@nestjs/common'
import { CommandBus } from '@nestjs/cqrs'
import { ApiTags } from '@nestjs/swagger'
import type { z } from 'zod'
import { alloyName, lineCode, locationCode, temperCode } from '#domain/words'
import { Records, RequestOfCommand } from '../pipeline/command-request.js'
import type { CommandRequest, Outcome } from '../pipeline/plant-command.js'
import { DefineAlloy, defineAlloyBody } from './define-alloy.command.js'
import { DefineLine, defineLineBody } from './define-line.command.js'
import { DefineLocation, defineLocationBody } from './define-location.command.js'
import { DefineTemper, defineTemperBody } from './define-temper.command.js'

/** PUT defines a thing, or changes it; what is so already is not recorded again. */
@ApiTags('plant')
@Controller()
export class ShopFloorController {
  constructor(private readonly commands: CommandBus) {}

  @Put('locations/:location')
  @HttpCode(201)
  @Records('define-location', 'Define a place for coils, or change it')
  defineLocation(
    @RequestOfCommand() request: CommandRequest,
    @Param('location', { schema: locationCode }) location: string,
    @Body({ schema: defineLocationBody }) body: z.output<typeof defineLocationBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new DefineLocation(request, { ...body, location }))
  }

  @Put('lines/:line')
  @HttpCode(201)
  @Records('define-line', 'Define a line, or change its steps, tolerance or shifts')
  defineLine(
    @RequestOfCommand() request: CommandRequest,
    @Param('line', { schema: lineCode }) line: string,
    @Body({ schema: defineLineBody }) body: z.output<typeof defineLineBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new DefineLine(request, { ...body, line }))
  }

  @Put('alloys/:alloy')
  @HttpCode(201)
  @Records('define-alloy', 'Make an alloy known, or change its limits')
  defineAlloy(
    @RequestOfCommand() request: CommandRequest,
    @Param('alloy', { schema: alloyName }) alloy: string,
    @Body({ schema: defineAlloyBody }) body: z.output<typeof defineAlloyBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new DefineAlloy(request, { ...body, alloy }))
  }

  @Put('tempers/:temper')
  @HttpCode(201)
  @Records('define-temper', 'Make a temper known')
  defineTemper(
    @RequestOfCommand() request: CommandRequest,
    @Param('temper', { schema: temperCode }) temper: string,
    @Body({ schema: defineTemperBody }) body: z.output<typeof defineTemperBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new DefineTemper(request, { ...body, temper }))
  }
}
