import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { startCastingRun } from '#domain/casting/decide/start-casting-run'
import { castingRuns } from '#domain/casting/state'
import { numberFrom } from '#domain/ids'
import { alloys, lines, partners } from '#domain/plant/state'
import { alloyName, lineCode, orderNumber, partnerCode } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const startCastingRunBody = commandBody(
  {
    castingRun: orderNumber.optional().describe('its number; one is made if it is left out'),
    line: lineCode.describe('a caster'),
    alloy: alloyName,
    owner: partnerCode.describe('whose metal is cast'),
  },
  { castingRun: 'CR-1', line: 'CAST-1', alloy: 'EN AW-8011A', owner: 'ALRO' },
)

export class StartCastingRun extends PlantCommand<z.output<typeof startCastingRunBody>> {}

@CommandHandler(StartCastingRun)
export class StartCastingRunHandler implements ICommandHandler<StartCastingRun> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: StartCastingRun) {
    const { payload, request } = command
    const castingRun = payload.castingRun ?? numberFrom('RUN', request.commandId)
    return this.pipeline.run(command, castingRuns, castingRun, async (history, given) => {
      const existing = await history.findOne(castingRuns, castingRun)
      const line = await history.get(lines, payload.line, '/line')
      const { alloy } = await history.get(alloys, payload.alloy, '/alloy')
      const owner = await history.get(partners, payload.owner, '/owner')
      return startCastingRun({ castingRun, alloy }, existing, line, owner, given)
    })
  }
}
