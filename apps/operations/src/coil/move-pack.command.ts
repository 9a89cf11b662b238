import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { coils } from '#domain/coil/state'
import { movePack } from '#domain/pack/decide/move-pack'
import { packs } from '#domain/pack/state'
import { locations } from '#domain/plant/state'
import { locationCode } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const movePackBody = commandBody({ to: locationCode }, { to: 'DISPATCH' })

export class MovePack extends PlantCommand<z.output<typeof movePackBody> & { pack: string }> {}

@CommandHandler(MovePack)
export class MovePackHandler implements ICommandHandler<MovePack> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: MovePack) {
    const { payload } = command
    return this.pipeline.run(command, packs, payload.pack, async (history) => {
      const pack = await history.get(packs, payload.pack)
      const to = await history.get(locations, payload.to, '/to')
      return movePack(pack, await history.getAll(coils, pack.coils), to)
    })
  }
}
