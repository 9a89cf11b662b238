import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { z } from 'zod'
import { correctWeight } from '#domain/coil/decide/correct-weight'
import { coils } from '#domain/coil/state'
import { reason, weightKg } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const correctWeightBody = commandBody(
  {
    eventId: z
      .uuid()
      .optional()
      .describe('the event that recorded it wrong; the one that the weight rests on, if left out'),
    netWeightKg: weightKg,
    reason,
    confirmed: z.boolean().default(false).describe('the weight was checked, though it does not fit the dimensions'),
  },
  { eventId: '019349a1-7c00-7a2b-8f3e-2b1c5d9e4a10', netWeightKg: 6849, reason: 'read from the wrong scale' },
)

export class CorrectWeight extends PlantCommand<z.output<typeof correctWeightBody> & { coil: string }> {
  override readonly fourEyes = 'correct-weight'
}

@CommandHandler(CorrectWeight)
export class CorrectWeightHandler implements ICommandHandler<CorrectWeight> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: CorrectWeight) {
    const { payload } = command
    return this.pipeline.run(command, coils, payload.coil, async (history, given) => {
      const coil = await history.get(coils, payload.coil)
      return correctWeight(coil, await history.recorded(coils, payload.coil), payload, given)
    })
  }
}
