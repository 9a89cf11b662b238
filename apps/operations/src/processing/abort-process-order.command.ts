import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { z } from 'zod'
import { coils } from '#domain/coil/state'
import { locations } from '#domain/plant/state'
import { abortProcessOrder } from '#domain/processing/decide/abort-process-order'
import { processOrders } from '#domain/processing/state'
import { coilNumber, locationCode, reason } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { readKnown, wanted } from '../pipeline/known.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const abortProcessOrderBody = commandBody(
  {
    reason,
    location: locationCode
      .optional()
      .describe('of a started order: where all coils go back to that are not named below'),
    locations: z
      .array(z.strictObject({ coil: coilNumber, location: locationCode }))
      .max(500)
      .default([]),
  },
  { reason: 'the line broke down', location: 'BAY-01' },
)

export class AbortProcessOrder extends PlantCommand<z.output<typeof abortProcessOrderBody> & { order: string }> {}

@CommandHandler(AbortProcessOrder)
export class AbortProcessOrderHandler implements ICommandHandler<AbortProcessOrder> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: AbortProcessOrder) {
    const { order: number, ...abort } = command.payload
    return this.pipeline.run(command, processOrders, number, async (history, given) => {
      const order = await history.get(processOrders, number)
      const inputs = await history.getAll(coils, order.inputs)
      const places = [abort.location, ...abort.locations.map((one) => one.location)]
      return abortProcessOrder(order, inputs, abort, await readKnown(history, wanted(locations, places)), given)
    })
  }
}
