import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { z } from 'zod'
import { scrapCoil } from '#domain/coil/decide/scrap-coil'
import { coils } from '#domain/coil/state'
import { reason } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'
import { withReservingOrder } from './reserving-order.js'

export const scrapCoilBody = commandBody(
  {
    kind: z.enum(['process-scrap', 'melt-loss']).describe('process-scrap can be remelted, melt-loss cannot'),
    reason,
  },
  { kind: 'process-scrap', reason: 'fell from the crane' },
)

export class ScrapCoil extends PlantCommand<z.output<typeof scrapCoilBody> & { coil: string }> {}

@CommandHandler(ScrapCoil)
export class ScrapCoilHandler implements ICommandHandler<ScrapCoil> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: ScrapCoil) {
    const { payload } = command
    return this.pipeline.run(command, coils, payload.coil, async (history, given) =>
      scrapCoil(await withReservingOrder(history, payload.coil), payload, given),
    )
  }
}
