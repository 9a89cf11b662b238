import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { defineLine } from '#domain/plant/decide/define-line'
import { lineSchema } from '#domain/plant/events'
import { lines } from '#domain/plant/state'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const defineLineBody = commandBody(lineSchema.omit({ line: true }).shape, {
  name: 'Slitter 2',
  kind: 'slitter',
  steps: ['slit', 'edge-trim'],
  tolerance: { kg: 20, percent: 0.3 },
  shifts: [
    { name: 'day', startsAt: '07:00', hours: 12 },
    { name: 'night', startsAt: '19:00', hours: 12 },
  ],
})

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
