import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { moveCoil } from '#domain/coil/decide/move-coil'
import { coils } from '#domain/coil/state'
import { locations } from '#domain/plant/state'
import { locationCode } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const moveCoilBody = commandBody({ to: locationCode }, { to: 'BAY-02' })

export class MoveCoil extends PlantCommand<z.output<typeof moveCoilBody> & { coil: string }> {}

@CommandHandler(MoveCoil)
export class MoveCoilHandler implements ICommandHandler<MoveCoil> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: MoveCoil) {
    const { coil, to } = command.payload
    return this.pipeline.run(command, coils, coil, async (history) =>
      moveCoil(await history.get(coils, coil), await history.get(locations, to, '/to')),
    )
  }
}
