import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { revokeSalesMandate } from '#domain/plant/decide/mandate-sales'
import { partners } from '#domain/plant/state'
import { reason } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const revokeSalesMandateBody = commandBody({ reason }, { reason: 'the agreement has ended' })

export class RevokeSalesMandate extends PlantCommand<
  z.output<typeof revokeSalesMandateBody> & { partner: string; mandate: string }
> {}

@CommandHandler(RevokeSalesMandate)
export class RevokeSalesMandateHandler implements ICommandHandler<RevokeSalesMandate> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: RevokeSalesMandate) {
    const { partner, mandate, reason } = command.payload
    return this.pipeline.run(command, partners, partner, async (history) =>
      revokeSalesMandate(await history.get(partners, partner), mandate, reason),
    )
  }
}
