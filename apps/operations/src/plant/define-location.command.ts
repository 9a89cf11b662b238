import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { defineLocation } from '#domain/plant/decide/define-location'
import { locationSchema } from '#domain/plant/events'
import { locations } from '#domain/plant/state'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const defineLocationBody = commandBody(locationSchema.omit({ location: true }).shape, {
  name: 'Bay 13',
  kind: 'bay',
  capacityCoils: 60,
})

export class DefineLocation extends PlantCommand<z.output<typeof defineLocationBody> & { location: string }> {}

@CommandHandler(DefineLocation)
export class DefineLocationHandler implements ICommandHandler<DefineLocation> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: DefineLocation) {
    const { occurredAt: _, ...location } = command.payload
    return this.pipeline.run(command, locations, location.location, async (history) =>
      defineLocation(location, await history.findOne(locations, location.location)),
    )
  }
}
