import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { coils } from '#domain/coil/state'
import { numberFrom } from '#domain/ids'
import { packs } from '#domain/pack/state'
import { dispatchGoods } from '#domain/sales/decide/dispatch-goods'
import { deliveryNotes, salesOrders } from '#domain/sales/state'
import { deliveryNoteNumber, words } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'
import { coilsNamed } from './coils-named.js'

export const dispatchGoodsBody = commandBody(
  {
    coils: coilsNamed.describe('sold on this order, whole packs only'),
    deliveryNote: deliveryNoteNumber.optional().describe('made by Coiltrail, if left out'),
    carrier: words(100).optional(),
    vehicle: words(60).optional(),
  },
  { coils: ['AZ-261107-003'], deliveryNote: 'DN-1', carrier: 'Danube Cargo', vehicle: 'OT-12-CTR' },
)

export class DispatchGoods extends PlantCommand<z.output<typeof dispatchGoodsBody> & { salesOrder: string }> {}

@CommandHandler(DispatchGoods)
export class DispatchGoodsHandler implements ICommandHandler<DispatchGoods> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: DispatchGoods) {
    const { payload, request } = command
    const deliveryNote = payload.deliveryNote ?? numberFrom('DN', request.commandId)
    return this.pipeline.run(command, salesOrders, payload.salesOrder, async (history, given) => {
      const order = await history.get(salesOrders, payload.salesOrder)
      const leaving = await history.getAll(coils, payload.coils, (i) => `/coils/${i}`)
      const skids = await history.getAll(packs, [...new Set(leaving.flatMap(({ pack }) => pack ?? []))])
      const packMates = await history.getAll(
        coils,
        skids.flatMap((skid) => skid.coils),
      )
      const noteWithNumber = await history.findOne(deliveryNotes, deliveryNote)
      return dispatchGoods(order, leaving, { ...payload, deliveryNote }, { noteWithNumber, packMates }, given)
    })
  }
}
