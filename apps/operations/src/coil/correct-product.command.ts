import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { z } from 'zod'
import { correctProduct } from '#domain/coil/decide/correct-product'
import { coils } from '#domain/coil/state'
import { alloys, tempers } from '#domain/plant/state'
import { product, reason } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const correctProductBody = commandBody(
  {
    eventId: z
      .uuid()
      .optional()
      .describe('the event that recorded it wrong; the last one that told of it, if left out'),
    product: product.omit({ form: true }).partial().describe('what was wrong, as it is right'),
    reason,
    confirmed: z.boolean().default(false).describe('the weight was checked, though it does not fit the new dimensions'),
  },
  { eventId: '019349a1-7c00-7a2b-8f3e-2b1c5d9e4a10', product: { widthMm: 1255 }, reason: 'measured again' },
)

export class CorrectProduct extends PlantCommand<z.output<typeof correctProductBody> & { coil: string }> {}

@CommandHandler(CorrectProduct)
export class CorrectProductHandler implements ICommandHandler<CorrectProduct> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: CorrectProduct) {
    const { payload } = command
    const { alloy, temper } = payload.product
    return this.pipeline.run(command, coils, payload.coil, async (history) => {
      const coil = await history.get(coils, payload.coil)
      if (alloy) await history.get(alloys, alloy, '/product/alloy')
      if (temper) await history.get(tempers, temper, '/product/temper')
      return correctProduct(coil, await history.recorded(coils, payload.coil), payload)
    })
  }
}
