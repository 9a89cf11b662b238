import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { chargeMelt } from '#domain/casting/decide/charge-melt'
import { castingRuns } from '#domain/casting/state'
import { melts } from '#domain/melt/state'
import { bulkKg, castNumber, words } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const chargeMeltBody = commandBody(
  {
    castNumber: castNumber.describe('of a new furnace melt, or of one that coils were remelted into'),
    netWeightKg: bulkKg.optional().describe('of a new melt; that of a remelt is known'),
    furnace: words(40).optional(),
  },
  { castNumber: 'M-1', netWeightKg: 20000, furnace: 'F-2' },
)

export class ChargeMelt extends PlantCommand<z.output<typeof chargeMeltBody> & { run: string }> {}

@CommandHandler(ChargeMelt)
export class ChargeMeltHandler implements ICommandHandler<ChargeMelt> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: ChargeMelt) {
    const { payload } = command
    return this.pipeline.run(command, castingRuns, payload.run, async (history, given) =>
      chargeMelt(
        await history.get(castingRuns, payload.run),
        payload,
        await history.findOne(melts, payload.castNumber),
        given,
      ),
    )
  }
}
