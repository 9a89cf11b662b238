import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { coils } from '#domain/coil/state'
import { sellCoils } from '#domain/sales/decide/sell-coils'
import { salesOrders } from '#domain/sales/state'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'
import { coilsNamed, deviation } from './coils-named.js'
import { readLapsed, sellersOf } from './sellers-of.js'

export const sellCoilsBody = commandBody(
  {
    coils: coilsNamed.describe('reserved for this line, or free'),
    deviation,
  },
  { coils: ['AZ-261107-003'] },
)

type Payload = z.output<typeof sellCoilsBody> & { salesOrder: string; line: number }
export class SellCoils extends PlantCommand<Payload> {}

@CommandHandler(SellCoils)
export class SellCoilsHandler implements ICommandHandler<SellCoils> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: SellCoils) {
    const { payload } = command
    return this.pipeline.run(command, salesOrders, payload.salesOrder, async (history, given) => {
      const order = await history.get(salesOrders, payload.salesOrder)
      const wanted = await history.getAll(coils, payload.coils, (i) => `/coils/${i}`)
      await readLapsed(history, wanted, payload.salesOrder, given.now)
      return sellCoils(order, wanted, payload, await sellersOf(history, wanted), given)
    })
  }
}
