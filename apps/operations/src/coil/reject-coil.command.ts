import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { z } from 'zod'
import { rejectCoil } from '#domain/coil/decide/judge-coil'
import { coils } from '#domain/coil/state'
import { reason } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'
import { withReservingOrder } from './reserving-order.js'

export const rejectCoilBody = commandBody(
  {
    reason,
    liftHolds: z
      .boolean()
      .default(false)
      .describe('the holds on the coil are answered by this and lifted: a second person must agree'),
  },
  { reason: 'wrong chemistry', liftHolds: true },
)

export class RejectCoil extends PlantCommand<z.output<typeof rejectCoilBody> & { coil: string }> {
  override readonly fourEyes = 'reject-coil'
}

@CommandHandler(RejectCoil)
export class RejectCoilHandler implements ICommandHandler<RejectCoil> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: RejectCoil) {
    const { payload } = command
    return this.pipeline.run(command, coils, payload.coil, async (history, given) =>
      rejectCoil(await withReservingOrder(history, payload.coil), payload, given),
    )
  }
}
