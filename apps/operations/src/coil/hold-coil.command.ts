import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { holdCoil } from '#domain/coil/decide/hold-coil'
import { coils } from '#domain/coil/state'
import { reason } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'
import { familyOf } from './family-of.js'

export const holdCoilBody = commandBody({ reason }, { reason: 'surface defects, seen at the leveller' })

export class HoldCoil extends PlantCommand<z.output<typeof holdCoilBody> & { coil: string }> {}

@CommandHandler(HoldCoil)
export class HoldCoilHandler implements ICommandHandler<HoldCoil> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: HoldCoil) {
    const { payload } = command
    return this.pipeline.run(command, coils, payload.coil, async (history, given) => {
      const coil = await history.get(coils, payload.coil)
      return holdCoil(coil, await familyOf(history, coil), payload.reason, given)
    })
  }
}
