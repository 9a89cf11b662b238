import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { coils } from '#domain/coil/state'
import { melts } from '#domain/melt/state'
import { lines, locations, tempers } from '#domain/plant/state'
import { completionShape } from '#domain/processing/completion'
import { completeProcessOrder } from '#domain/processing/decide/complete-process-order'
import { processOrders } from '#domain/processing/state'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { readKnown, wanted } from '../pipeline/known.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const completeProcessOrderBody = commandBody(completionShape, {
  scrapKg: 60,
  lossKg: 4,
  outputs: [{ coil: 'R-1002', gaugeMm: 3, temper: 'H14', netWeightKg: 6785, location: 'BAY-01' }],
})

export class CompleteProcessOrder extends PlantCommand<z.output<typeof completeProcessOrderBody> & { order: string }> {
  override readonly fourEyes = 'complete-process-order'
}

@CommandHandler(CompleteProcessOrder)
export class CompleteProcessOrderHandler implements ICommandHandler<CompleteProcessOrder> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: CompleteProcessOrder) {
    const { order: number, ...told } = command.payload
    const { outputs, results, melt } = told
    return this.pipeline.run(command, processOrders, number, async (history, given) => {
      const order = await history.get(processOrders, number)
      const line = await history.get(lines, order.line)
      const mothers = await history.getAll(coils, order.inputs)
      const known = await readKnown(
        history,
        wanted(
          coils,
          outputs.map((output) => output.coil),
        ),
        wanted(
          locations,
          [...outputs, ...results].map((one) => one.location),
        ),
        wanted(
          tempers,
          [...outputs, ...results].map((one) => one.temper),
        ),
        wanted(melts, [melt?.castNumber]),
      )
      return completeProcessOrder({ order, line, mothers, given }, told, known)
    })
  }
}
