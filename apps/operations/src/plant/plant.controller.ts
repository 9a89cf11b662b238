import { Body, Controller, HttpCode, Param, Post, Put } from '@nestjs/common'
import { CommandBus } from '@nestjs/cqrs'
import { ApiTags } from '@nestjs/swagger'
import type { z } from 'zod'
import { partnerCode, words } from '#domain/words'
import { Records, RequestOfCommand } from '../pipeline/command-request.js'
import type { CommandRequest, Outcome } from '../pipeline/plant-command.js'
import { ConfigurePlant, configurePlantBody } from './configure-plant.command.js'
import { DefinePartner, definePartnerBody } from './define-partner.command.js'
import { GrantSalesMandate, grantSalesMandateBody } from './grant-sales-mandate.command.js'
import { RevokeSalesMandate, revokeSalesMandateBody } from './revoke-sales-mandate.command.js'

/** PUT defines a thing, or changes it; what is so already is not recorded again. */
@ApiTags('plant')
@Controller()
export class PlantController {
  constructor(private readonly commands: CommandBus) {}

  @Put('plant')
  @HttpCode(201)
  @Records('configure-plant', 'Say what the plant is: its company, time zone and tolerance at the gate')
  configure(
    @RequestOfCommand() request: CommandRequest,
    @Body({ schema: configurePlantBody }) body: z.output<typeof configurePlantBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new ConfigurePlant(request, body))
  }

  @Put('partners/:partner')
  @HttpCode(201)
  @Records('define-partner', 'Register a partner, or change what is known of one')
  definePartner(
    @RequestOfCommand() request: CommandRequest,
    @Param('partner', { schema: partnerCode }) partner: string,
    @Body({ schema: definePartnerBody }) body: z.output<typeof definePartnerBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new DefinePartner(request, { ...body, partner }))
  }

  @Post('partners/:partner/mandates')
  @Records('grant-mandate', 'Grant a mandate to sell an owner’s metal')
  grantMandate(
    @RequestOfCommand() request: CommandRequest,
    @Param('partner', { schema: partnerCode }) partner: string,
    @Body({ schema: grantSalesMandateBody }) body: z.output<typeof grantSalesMandateBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new GrantSalesMandate(request, { ...body, partner }))
  }

  @Post('partners/:partner/mandates/:mandate/revoke')
  @Records('revoke-mandate', 'Revoke a sales mandate')
  revokeMandate(
    @RequestOfCommand() request: CommandRequest,
    @Param('partner', { schema: partnerCode }) partner: string,
    @Param('mandate', { schema: words(40) }) mandate: string,
    @Body({ schema: revokeSalesMandateBody }) body: z.output<typeof revokeSalesMandateBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new RevokeSalesMandate(request, { ...body, partner, mandate }))
  }
}
