import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { rejectCoil } from '#domain/coil/decide/judge-coil'
import { coils } from '#domain/coil/state'
import { personName, reason } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'
import { withReservingOrder } from './reserving-order.js'

export const rejectCoilBody = commandBody(
  {
    reason,
    approvedBy: personName.optional().describe('given, the holds on the coil are answered by this and lifted'),
  },
  { reason: 'wrong chemistry', approvedBy: 'Ana Popescu' },
)

export class RejectCoil extends PlantCommand<z.output<typeof rejectCoilBody> & { coil: string }> {}

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
