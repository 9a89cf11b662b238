import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { coils } from '#domain/coil/state'
import { reserveCoils } from '#domain/sales/decide/reserve-coils'
import { LONGEST_RESERVATION_DAYS, USUAL_RESERVATION_DAYS } from '#domain/sales/reservations'
import { salesOrders } from '#domain/sales/state'
import { instant } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'
import { coilsNamed, deviation } from './coils-named.js'
import { readLapsed, sellersOf } from './sellers-of.js'

export const reserveCoilsBody = commandBody(
  {
    coils: coilsNamed,
    until: instant
      .optional()
      .describe(`${USUAL_RESERVATION_DAYS} days from now, if left out; ${LONGEST_RESERVATION_DAYS} days at most`),
    deviation,
  },
  { coils: ['AZ-261107-003'], until: '2030-11-30T17:00:00+02:00' },
)

type Payload = z.output<typeof reserveCoilsBody> & { salesOrder: string; line: number }
export class ReserveCoils extends PlantCommand<Payload> {}

@CommandHandler(ReserveCoils)
export class ReserveCoilsHandler implements ICommandHandler<ReserveCoils> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: ReserveCoils) {
    const { payload } = command
    return this.pipeline.run(command, salesOrders, payload.salesOrder, async (history, given) => {
      const order = await history.get(salesOrders, payload.salesOrder)
      const wanted = await history.getAll(coils, payload.coils, (i) => `/coils/${i}`)
      await readLapsed(history, wanted, payload.salesOrder, given.now)
      return reserveCoils(order, wanted, payload, await sellersOf(history, wanted), given)
    })
  }
}
