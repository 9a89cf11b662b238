import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { coils } from '#domain/coil/state'
import { cancelSale } from '#domain/sales/decide/cancel-sale'
import { salesOrders } from '#domain/sales/state'
import { reason } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'
import { coilsNamed } from './coils-named.js'

export const cancelSaleBody = commandBody(
  { coils: coilsNamed, reason },
  { coils: ['AZ-261107-003'], reason: 'sold by mistake' },
)

export class CancelSale extends PlantCommand<z.output<typeof cancelSaleBody> & { salesOrder: string; line: number }> {}

@CommandHandler(CancelSale)
export class CancelSaleHandler implements ICommandHandler<CancelSale> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: CancelSale) {
    const { payload } = command
    return this.pipeline.run(command, salesOrders, payload.salesOrder, async (history) => {
      const order = await history.get(salesOrders, payload.salesOrder)
      await history.getAll(coils, payload.coils, (i) => `/coils/${i}`)
      return cancelSale(order, payload)
    })
  }
}
