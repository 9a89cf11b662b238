import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { defineAlloy } from '#domain/plant/decide/define-metal'
import { alloySchema } from '#domain/plant/events'
import { alloys } from '#domain/plant/state'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const defineAlloyBody = commandBody(alloySchema.omit({ alloy: true }).shape)

export class DefineAlloy extends PlantCommand<z.output<typeof defineAlloyBody> & { alloy: string }> {}

@CommandHandler(DefineAlloy)
export class DefineAlloyHandler implements ICommandHandler<DefineAlloy> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: DefineAlloy) {
    const { occurredAt: _, ...alloy } = command.payload
    return this.pipeline.run(command, alloys, alloy.alloy, async (history) =>
      defineAlloy(alloy, await history.findOne(alloys, alloy.alloy)),
    )
  }
}
