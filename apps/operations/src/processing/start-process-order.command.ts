import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { coils } from '#domain/coil/state'
import { lines, plants } from '#domain/plant/state'
import { startProcessOrder } from '#domain/processing/decide/start-process-order'
import { processOrders } from '#domain/processing/state'
import { salesOrders } from '#domain/sales/state'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const startProcessOrderBody = commandBody({}, {})

export class StartProcessOrder extends PlantCommand<z.output<typeof startProcessOrderBody> & { order: string }> {}

@CommandHandler(StartProcessOrder)
export class StartProcessOrderHandler implements ICommandHandler<StartProcessOrder> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: StartProcessOrder) {
    const { order: number } = command.payload
    return this.pipeline.run(command, processOrders, number, async (history, given) => {
      const order = await history.get(processOrders, number)
      const inputs = await history.getAll(coils, order.inputs)
      // A reservation that is over ends on its order's history, too.
      await history.find(
        salesOrders,
        inputs.flatMap(({ reservation }) => reservation?.salesOrder ?? []),
      )
      const line = await history.get(lines, order.line)
      return startProcessOrder(order, line, inputs, await history.get(plants, 'main'), given)
    })
  }
}
