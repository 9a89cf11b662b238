import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { finishCastingRun } from '#domain/casting/decide/finish-casting-run'
import { castingRuns } from '#domain/casting/state'
import { coils } from '#domain/coil/state'
import { lines } from '#domain/plant/state'
import { overrideAsked, someKg } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const finishCastingRunBody = commandBody(
  {
    scrapKg: someKg.default(0).describe('crops and rejects that can be remelted'),
    lossKg: someKg.default(0).describe('dross that cannot'),
    override: overrideAsked
      .optional()
      .describe('why masses that do not balance are to be accepted: a second person must agree'),
  },
  { scrapKg: 120, lossKg: 80 },
)

export class FinishCastingRun extends PlantCommand<z.output<typeof finishCastingRunBody> & { run: string }> {
  override readonly fourEyes = 'finish-casting-run'
}

@CommandHandler(FinishCastingRun)
export class FinishCastingRunHandler implements ICommandHandler<FinishCastingRun> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: FinishCastingRun) {
    const { payload } = command
    return this.pipeline.run(command, castingRuns, payload.run, async (history, given) => {
      const run = await history.get(castingRuns, payload.run)
      const line = await history.get(lines, run.line)
      const cast = await history.getAll(
        coils,
        run.coils.map((coil) => coil.coil),
      )
      return finishCastingRun(run, line, cast, payload, given)
    })
  }
}
