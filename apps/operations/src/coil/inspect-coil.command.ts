import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { z } from 'zod'
import { inspectCoil } from '#domain/coil/decide/inspect-coil'
import { coils } from '#domain/coil/state'
import { personName, words } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'
import { familyOf } from './family-of.js'

export const inspectCoilBody = commandBody(
  {
    result: z.enum(['conforming', 'nonconforming']).describe('nonconforming: the coil is on hold from then on'),
    findings: z.array(words(300)).max(50).default([]),
    inspector: personName.optional().describe('who inspected it; the one who sends this, if left out'),
  },
  { result: 'conforming', findings: [], inspector: 'Ana Popescu' },
)

export class InspectCoil extends PlantCommand<z.output<typeof inspectCoilBody> & { coil: string }> {}

@CommandHandler(InspectCoil)
export class InspectCoilHandler implements ICommandHandler<InspectCoil> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: InspectCoil) {
    const { payload } = command
    return this.pipeline.run(command, coils, payload.coil, async (history, given) => {
      const coil = await history.get(coils, payload.coil)
      const inspection = { ...payload, inspector: payload.inspector ?? given.actor }
      return inspectCoil(coil, await familyOf(history, coil), inspection, given)
    })
  }
}
