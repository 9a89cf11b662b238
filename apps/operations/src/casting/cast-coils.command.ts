import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { z } from 'zod'
import { castCoils } from '#domain/casting/decide/cast-coils'
import { castingRuns } from '#domain/casting/state'
import { coils } from '#domain/coil/state'
import { melts } from '#domain/melt/state'
import { alloys, locations, plants, tempers } from '#domain/plant/state'
import {
  castNumber,
  coilNumber,
  gaugeMm,
  innerDiameterMm,
  locationCode,
  outerDiameterMm,
  temperCode,
  weighing,
  weightKg,
  widthMm,
} from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { readKnown, wanted } from '../pipeline/known.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

const castCoil = z.strictObject({
  coil: coilNumber,
  temper: temperCode.default('F'),
  gaugeMm,
  widthMm,
  innerDiameterMm,
  outerDiameterMm: outerDiameterMm.optional(),
  netWeightKg: weightKg,
  grossWeightKg: weightKg.optional(),
  weighing: weighing.default({ by: 'declared' }),
  location: locationCode,
  melts: z
    .array(z.strictObject({ castNumber, kg: weightKg }))
    .min(1)
    .max(20)
    .optional()
    .describe('kg of each melt in it, summing to its net weight; may be left out while the run has one melt'),
  confirmed: z.boolean().default(false).describe('the weight was checked, though it does not fit the dimensions'),
})

export const castCoilsBody = commandBody(
  { coils: z.array(castCoil).min(1).max(200) },
  { coils: [{ coil: 'C-1', gaugeMm: 7, widthMm: 1250, innerDiameterMm: 508, netWeightKg: 6850, location: 'BAY-03' }] },
)

export class CastCoils extends PlantCommand<z.output<typeof castCoilsBody> & { run: string }> {}

@CommandHandler(CastCoils)
export class CastCoilsHandler implements ICommandHandler<CastCoils> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: CastCoils) {
    const { run: number, coils: told } = command.payload
    const each = <Value>(value: (coil: (typeof told)[number]) => Value) => told.map(value)
    return this.pipeline.run(command, castingRuns, number, async (history, given) => {
      const run = await history.get(castingRuns, number)
      const known = await readKnown(
        history,
        wanted(
          coils,
          each((coil) => coil.coil),
        ),
        wanted(
          locations,
          each((coil) => coil.location),
        ),
        wanted(
          tempers,
          each((coil) => coil.temper),
        ),
        wanted(
          melts,
          run.melts.map((melt) => melt.castNumber),
        ),
        wanted(alloys, [run.alloy]),
      )
      return castCoils(run, told, (await history.get(plants, 'main')).company, known, given)
    })
  }
}
