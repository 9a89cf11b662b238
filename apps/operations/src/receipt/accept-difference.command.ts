import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { coils } from '#domain/coil/state'
import { acceptDifference } from '#domain/receipt/decide/accept-difference'
import { reason } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const acceptDifferenceBody = commandBody({ reason }, { reason: 'the scale was checked, the supplier agrees' })

export class AcceptDifference extends PlantCommand<z.output<typeof acceptDifferenceBody> & { coil: string }> {}

@CommandHandler(AcceptDifference)
export class AcceptDifferenceHandler implements ICommandHandler<AcceptDifference> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: AcceptDifference) {
    const { coil, reason } = command.payload
    return this.pipeline.run(command, coils, coil, async (history, given) =>
      acceptDifference(await history.get(coils, coil), reason, given),
    )
  }
}
