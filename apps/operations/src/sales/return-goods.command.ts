import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { z } from 'zod'
import { ancestorsOf } from '#domain/coil/family'
import { coils } from '#domain/coil/state'
import { locations, plants } from '#domain/plant/state'
import { returnGoods } from '#domain/sales/decide/return-goods'
import { MOST_COILS } from '#domain/sales/events'
import { salesOrders } from '#domain/sales/state'
import { coilNumber, locationCode, reason, weightKg, words } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

const returned = z.strictObject({
  coil: coilNumber,
  weighed: z
    .strictObject({
      netWeightKg: weightKg,
      scale: words(40),
      confirmed: z.boolean().default(false).describe('the weight is right although it does not fit the dimensions'),
    })
    .optional()
    .describe('if it was weighed again'),
})

export const returnGoodsBody = commandBody(
  {
    coils: z.array(returned).min(1, 'at least one coil must be named').max(MOST_COILS),
    to: locationCode,
    reason: reason.describe('why they came back, and are on hold'),
  },
  { coils: [{ coil: 'AZ-261107-003' }], to: 'QUARANTINE', reason: 'scratched on the lorry' },
)

export class ReturnGoods extends PlantCommand<z.output<typeof returnGoodsBody> & { salesOrder: string }> {}

@CommandHandler(ReturnGoods)
export class ReturnGoodsHandler implements ICommandHandler<ReturnGoods> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: ReturnGoods) {
    const { salesOrder, to, reason, ...payload } = command.payload
    return this.pipeline.run(command, salesOrders, salesOrder, async (history, given) => {
      const order = await history.get(salesOrders, salesOrder)
      const back = await history.getAll(
        coils,
        payload.coils.map(({ coil }) => coil),
        (i) => `/coils/${i}/coil`,
      )
      const { company } = await history.get(plants, 'main')
      const weighed = payload.coils.map((coil) => coil.weighed)
      const madeFrom = await ancestorsOf(back, (mothers) => history.getAll(coils, mothers))
      const place = await history.get(locations, to, '/to')
      return returnGoods(order, back, place, { weighed, madeFrom, company, reason }, given)
    })
  }
}
