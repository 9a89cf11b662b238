import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { coils } from '#domain/coil/state'
import { coilsUnderWay, deliverGoods } from '#domain/sales/decide/deliver-goods'
import { deliveryNotes, salesOrders } from '#domain/sales/state'
import { deliveryNoteNumber } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const deliverGoodsBody = commandBody({ deliveryNote: deliveryNoteNumber }, { deliveryNote: 'DN-1' })

export class DeliverGoods extends PlantCommand<z.output<typeof deliverGoodsBody> & { salesOrder: string }> {}

@CommandHandler(DeliverGoods)
export class DeliverGoodsHandler implements ICommandHandler<DeliverGoods> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: DeliverGoods) {
    const { salesOrder, deliveryNote } = command.payload
    return this.pipeline.run(command, salesOrders, salesOrder, async (history) => {
      const order = await history.get(salesOrders, salesOrder)
      const note = await history.findOne(deliveryNotes, deliveryNote)
      const arrived = await history.getAll(coils, coilsUnderWay(order, deliveryNote))
      return deliverGoods(order, note, arrived, deliveryNote)
    })
  }
}
