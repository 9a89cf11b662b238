import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { z } from 'zod'
import { numberFrom } from '#domain/ids'
import { alloys, partners, tempers } from '#domain/plant/state'
import { placeSalesOrder } from '#domain/sales/decide/place-sales-order'
import { orderLine } from '#domain/sales/events'
import { salesOrders } from '#domain/sales/state'
import { orderNumber, partnerCode, remarks, words } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { readKnown, wanted } from '../pipeline/known.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

const line = orderLine.extend({
  line: orderLine.shape.line.optional().describe('its place in the list, counted from 1, if left out'),
})

export const placeSalesOrderBody = commandBody(
  {
    salesOrder: orderNumber.optional().describe('made by Coiltrail, if left out'),
    customer: partnerCode,
    reference: words(80).optional().describe('the customer’s own number'),
    lines: z.array(line).min(1, 'an order has at least one line').max(200, 'an order has 200 lines at most'),
    remarks: remarks.optional(),
  },
  {
    salesOrder: 'SO-2',
    customer: 'METALCO',
    lines: [
      {
        kg: 6800,
        tolerancePercent: 5,
        specification: {
          alloy: 'EN AW-8011A',
          temper: 'F',
          gaugeMm: { min: 6.8, max: 7.2 },
          widthMm: { min: 1200, max: 1300 },
        },
      },
    ],
  },
)

export class PlaceSalesOrder extends PlantCommand<z.output<typeof placeSalesOrderBody>> {}

@CommandHandler(PlaceSalesOrder)
export class PlaceSalesOrderHandler implements ICommandHandler<PlaceSalesOrder> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: PlaceSalesOrder) {
    const { payload, request } = command
    const salesOrder = payload.salesOrder ?? numberFrom('SO', request.commandId)
    const lines = payload.lines.map((line, i) => ({ ...line, line: line.line ?? i + 1 }))
    return this.pipeline.run(command, salesOrders, salesOrder, async (history) => {
      const asked = lines.map((line) => line.specification)
      const known = await readKnown(
        history,
        wanted(partners, [payload.customer]),
        wanted(
          alloys,
          asked.map(({ alloy }) => alloy),
        ),
        wanted(
          tempers,
          asked.map(({ temper }) => temper),
        ),
      )
      return placeSalesOrder({ ...payload, salesOrder, lines }, await history.findOne(salesOrders, salesOrder), known)
    })
  }
}
