import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { z } from 'zod'
import { downgradeCoil } from '#domain/coil/decide/judge-coil'
import { coils } from '#domain/coil/state'
import { reason, words } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'
import { withReservingOrder } from './reserving-order.js'

export const downgradeCoilBody = commandBody(
  {
    grade: words(40).describe('what it is still good for, e.g. B, or second choice'),
    reason,
    liftHolds: z
      .boolean()
      .default(false)
      .describe('the holds on the coil are answered by this and lifted: a second person must agree'),
  },
  { grade: 'B', reason: 'edge waves' },
)

export class DowngradeCoil extends PlantCommand<z.output<typeof downgradeCoilBody> & { coil: string }> {
  override readonly fourEyes = 'downgrade-coil'
}

@CommandHandler(DowngradeCoil)
export class DowngradeCoilHandler implements ICommandHandler<DowngradeCoil> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: DowngradeCoil) {
    const { payload } = command
    return this.pipeline.run(command, coils, payload.coil, async (history, given) =>
      downgradeCoil(await withReservingOrder(history, payload.coil), payload, given),
    )
  }
}
