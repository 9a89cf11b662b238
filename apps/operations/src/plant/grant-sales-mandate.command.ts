import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { numberFrom } from '#domain/ids'
import { grantSalesMandate } from '#domain/plant/decide/mandate-sales'
import { mandateSchema } from '#domain/plant/events'
import { partners } from '#domain/plant/state'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const grantSalesMandateBody = commandBody(
  {
    mandate: mandateSchema.shape.mandate.optional().describe('its number; made, if left out'),
    validFrom: mandateSchema.shape.validFrom,
    validTo: mandateSchema.shape.validTo,
  },
  { mandate: 'AZAL-MANDATE-2', validFrom: '2026-01-01', validTo: '2030-12-31' },
)

export class GrantSalesMandate extends PlantCommand<z.output<typeof grantSalesMandateBody> & { partner: string }> {}

@CommandHandler(GrantSalesMandate)
export class GrantSalesMandateHandler implements ICommandHandler<GrantSalesMandate> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: GrantSalesMandate) {
    const { partner, validFrom, validTo } = command.payload
    return this.pipeline.run(command, partners, partner, async (history, given) => {
      const mandate = command.payload.mandate ?? numberFrom('MANDATE', given.commandId)
      return grantSalesMandate(await history.get(partners, partner), { mandate, validFrom, validTo })
    })
  }
}
