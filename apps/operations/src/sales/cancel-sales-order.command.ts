import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { coils } from '#domain/coil/state'
import { cancelSalesOrder } from '#domain/sales/decide/cancel-sales-order'
import { salesOrders } from '#domain/sales/state'
import { reason } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const cancelSalesOrderBody = commandBody({ reason }, { reason: 'the customer has withdrawn it' })

export class CancelSalesOrder extends PlantCommand<z.output<typeof cancelSalesOrderBody> & { salesOrder: string }> {}

@CommandHandler(CancelSalesOrder)
export class CancelSalesOrderHandler implements ICommandHandler<CancelSalesOrder> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: CancelSalesOrder) {
    const { salesOrder, reason } = command.payload
    return this.pipeline.run(command, salesOrders, salesOrder, async (history) => {
      const order = await history.get(salesOrders, salesOrder)
      await history.getAll(coils, [...order.coils.keys()])
      return cancelSalesOrder(order, reason)
    })
  }
}
