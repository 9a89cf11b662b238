import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { releaseCoil } from '#domain/coil/decide/release-coil'
import { coils } from '#domain/coil/state'
import { reason, words } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'
import { familyOf } from './family-of.js'

export const releaseCoilBody = commandBody(
  {
    hold: words(140).describe('as the answer to the hold named it'),
    reason,
  },
  { hold: 'the id that the hold answered', reason: 'inspected again: good' },
)

export class ReleaseCoil extends PlantCommand<z.output<typeof releaseCoilBody> & { coil: string }> {
  override readonly fourEyes = 'release-hold'
}

@CommandHandler(ReleaseCoil)
export class ReleaseCoilHandler implements ICommandHandler<ReleaseCoil> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: ReleaseCoil) {
    const { payload } = command
    return this.pipeline.run(command, coils, payload.coil, async (history, given) => {
      const coil = await history.get(coils, payload.coil)
      return releaseCoil(coil, await familyOf(history, coil), payload, given)
    })
  }
}
