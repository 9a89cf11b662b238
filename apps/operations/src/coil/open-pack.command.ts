import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { coils } from '#domain/coil/state'
import { openPack } from '#domain/pack/decide/open-pack'
import { packs } from '#domain/pack/state'
import { reason } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const openPackBody = commandBody({ reason }, { reason: 'the customer wants one of them' })

export class OpenPack extends PlantCommand<z.output<typeof openPackBody> & { pack: string }> {}

@CommandHandler(OpenPack)
export class OpenPackHandler implements ICommandHandler<OpenPack> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: OpenPack) {
    const { payload } = command
    return this.pipeline.run(command, packs, payload.pack, async (history) => {
      const pack = await history.get(packs, payload.pack)
      return openPack(pack, await history.getAll(coils, pack.coils), payload.reason)
    })
  }
}
