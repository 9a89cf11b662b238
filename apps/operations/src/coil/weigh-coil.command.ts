import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { z } from 'zod'
import { weighCoil } from '#domain/coil/decide/weigh-coil'
import { coils } from '#domain/coil/state'
import { weightKg, words } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const weighCoilBody = commandBody(
  {
    netWeightKg: weightKg,
    grossWeightKg: weightKg.optional(),
    scale: words(40),
    confirmed: z.boolean().default(false).describe('the weight was checked, though it does not fit the dimensions'),
  },
  { netWeightKg: 6849, scale: 'BAY-02' },
)

export class WeighCoil extends PlantCommand<z.output<typeof weighCoilBody> & { coil: string }> {}

@CommandHandler(WeighCoil)
export class WeighCoilHandler implements ICommandHandler<WeighCoil> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: WeighCoil) {
    const { coil } = command.payload
    return this.pipeline.run(command, coils, coil, async (history) =>
      weighCoil(await history.get(coils, coil), command.payload),
    )
  }
}
