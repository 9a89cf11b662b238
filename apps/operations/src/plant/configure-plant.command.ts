import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { configurePlant } from '#domain/plant/decide/configure-plant'
import { plantSettingsSchema } from '#domain/plant/events'
import { partners, plants } from '#domain/plant/state'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const configurePlantBody = commandBody(plantSettingsSchema.shape, {
  name: 'Alro Slatina',
  company: 'ALRO',
  timeZone: 'Europe/Bucharest',
  receiptTolerance: { kg: 20, percent: 0.5 },
})

export class ConfigurePlant extends PlantCommand<z.output<typeof configurePlantBody>> {}

@CommandHandler(ConfigurePlant)
export class ConfigurePlantHandler implements ICommandHandler<ConfigurePlant> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: ConfigurePlant) {
    const { occurredAt: _, ...settings } = command.payload
    return this.pipeline.run(command, plants, 'main', async (history) => {
      await history.get(partners, settings.company, '/company')
      return configurePlant(settings, await history.findOne(plants, 'main'))
    })
  }
}
