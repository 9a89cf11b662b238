import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { coils } from '#domain/coil/state'
import { coilsToRelease, releaseCoils } from '#domain/sales/decide/release-coils'
import { salesOrders } from '#domain/sales/state'
import { reason } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'
import { coilsNamed } from './coils-named.js'
import { reservationNumber } from './extend-reservation.command.js'

export const releaseCoilsBody = commandBody(
  {
    reservation: reservationNumber.optional().describe('all that is left of it'),
    coils: coilsNamed.optional(),
    reason,
  },
  { coils: ['AZ-261107-003'], reason: 'the customer does not need it' },
).refine(({ reservation, coils }) => (reservation === undefined) !== (coils === undefined), {
  error: 'either the reservation or the coils to release must be named, not both',
  path: ['coils'],
})

type Payload = z.output<typeof releaseCoilsBody> & { salesOrder: string; line: number }
export class ReleaseCoils extends PlantCommand<Payload> {}

@CommandHandler(ReleaseCoils)
export class ReleaseCoilsHandler implements ICommandHandler<ReleaseCoils> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: ReleaseCoils) {
    const { payload } = command
    return this.pipeline.run(command, salesOrders, payload.salesOrder, async (history) => {
      const order = await history.get(salesOrders, payload.salesOrder)
      await history.getAll(coils, coilsToRelease(order, payload), (i) => `/coils/${i}`)
      return releaseCoils(order, payload)
    })
  }
}
