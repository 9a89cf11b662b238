import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { defineLine } from '#domain/plant/decide/define-line'
import { lineSchema } from '#domain/plant/events'
import { lines } from '#domain/plant/state'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const defineLineBody = commandBody(lineSchema.omit({ line: true }).shape)

export class DefineLine extends PlantCommand<z.output<typeof defineLineBody> & { line: string }> {}

@CommandHandler(DefineLine)
export class DefineLineHandler implements ICommandHandler<DefineLine> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: DefineLine) {
    const { occurredAt: _, ...line } = command.payload
    return this.pipeline.run(command, lines, line.line, async (history) =>
      defineLine(line, await history.findOne(lines, line.line)),
    )
  }
}
