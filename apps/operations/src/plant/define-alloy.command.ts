import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { defineAlloy } from '#domain/plant/decide/define-metal'
import { alloySchema } from '#domain/plant/events'
import { alloys } from '#domain/plant/state'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const defineAlloyBody = commandBody(alloySchema.omit({ alloy: true }).shape, {
  limits: { Fe: { min: 0.6, max: 1 }, Si: { min: 0.4, max: 0.8 }, Cu: { max: 0.1 } },
})

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
