import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { defineTemper } from '#domain/plant/decide/define-metal'
import { temperSchema } from '#domain/plant/events'
import { tempers } from '#domain/plant/state'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const defineTemperBody = commandBody(temperSchema.omit({ temper: true }).shape, {
  description: 'strain-hardened, half hard',
})

export class DefineTemper extends PlantCommand<z.output<typeof defineTemperBody> & { temper: string }> {}

@CommandHandler(DefineTemper)
export class DefineTemperHandler implements ICommandHandler<DefineTemper> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: DefineTemper) {
    const { occurredAt: _, ...temper } = command.payload
    return this.pipeline.run(command, tempers, temper.temper, async (history) =>
      defineTemper(temper, await history.findOne(tempers, temper.temper)),
    )
  }
}
