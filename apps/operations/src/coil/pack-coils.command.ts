import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { z } from 'zod'
import { coils } from '#domain/coil/state'
import { numberFrom } from '#domain/ids'
import { packCoils } from '#domain/pack/decide/pack-coils'
import { packs } from '#domain/pack/state'
import { coilNumber, packNumber } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const packCoilsBody = commandBody(
  {
    pack: packNumber.optional().describe('its number; one is made if it is left out'),
    coils: z.array(coilNumber).min(1).max(200),
  },
  { pack: 'PK-1', coils: ['S-1001-A', 'S-1001-B'] },
)

export class PackCoils extends PlantCommand<z.output<typeof packCoilsBody>> {}

@CommandHandler(PackCoils)
export class PackCoilsHandler implements ICommandHandler<PackCoils> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: PackCoils) {
    const { payload, request } = command
    const pack = payload.pack ?? numberFrom('PACK', request.commandId)
    return this.pipeline.run(command, packs, pack, async (history) => {
      const existing = await history.findOne(packs, pack)
      return packCoils(pack, existing, await history.getAll(coils, payload.coils, (i) => `/coils/${i}`))
    })
  }
}
