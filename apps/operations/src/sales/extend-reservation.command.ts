import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { z } from 'zod'
import { coils } from '#domain/coil/state'
import { coilsReservedBy, extendReservation } from '#domain/sales/decide/extend-reservation'
import { salesOrders } from '#domain/sales/state'
import { instant } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const reservationNumber = z.string().min(1).max(80)

export const extendReservationBody = commandBody(
  {
    reservation: reservationNumber,
    until: instant.describe('the new end, later or sooner than it was'),
  },
  { reservation: 'R-1', until: '2030-11-30T17:00:00+02:00' },
)

export class ExtendReservation extends PlantCommand<
  z.output<typeof extendReservationBody> & { salesOrder: string; line: number }
> {}

@CommandHandler(ExtendReservation)
export class ExtendReservationHandler implements ICommandHandler<ExtendReservation> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: ExtendReservation) {
    const { payload } = command
    return this.pipeline.run(command, salesOrders, payload.salesOrder, async (history, given) => {
      const order = await history.get(salesOrders, payload.salesOrder)
      await history.getAll(coils, coilsReservedBy(order, payload.reservation))
      return extendReservation(order, payload, given)
    })
  }
}
