import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { definePartner } from '#domain/plant/decide/define-partner'
import { partnerSchema } from '#domain/plant/events'
import { partners } from '#domain/plant/state'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const definePartnerBody = commandBody(partnerSchema.omit({ partner: true }).shape, {
  name: 'Metalco Construct',
  country: 'RO',
  roles: ['customer'],
})

export class DefinePartner extends PlantCommand<z.output<typeof definePartnerBody> & { partner: string }> {}

@CommandHandler(DefinePartner)
export class DefinePartnerHandler implements ICommandHandler<DefinePartner> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: DefinePartner) {
    const { occurredAt: _, ...partner } = command.payload
    return this.pipeline.run(command, partners, partner.partner, async (history) =>
      definePartner(partner, await history.findOne(partners, partner.partner)),
    )
  }
}
