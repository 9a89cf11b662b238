import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { z } from 'zod'
import { coils } from '#domain/coil/state'
import { numberFrom } from '#domain/ids'
import { step } from '#domain/plant/events'
import { lines } from '#domain/plant/state'
import { planProcessOrder } from '#domain/processing/decide/plan-process-order'
import { plannedOutput } from '#domain/processing/events'
import { processOrders } from '#domain/processing/state'
import { coilNumber, instant, lineCode, orderNumber, reason, remarks } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const planProcessOrderBody = commandBody(
  {
    processOrder: orderNumber.optional().describe('made from the Idempotency-Key, if left out'),
    line: lineCode,
    step,
    inputs: z.array(coilNumber).min(1, 'an order takes one coil at least').max(500),
    planned: z
      .array(plannedOutput)
      .max(200)
      .default([])
      .describe('what is meant to come out, for the people at the line'),
    mixed: z.strictObject({ reason }).optional().describe('why coils of several owners or alloys may run together'),
    dueAt: instant.optional(),
    remarks: remarks.optional(),
  },
  { processOrder: 'PO-3', line: 'ANNEAL-1', step: 'anneal', inputs: ['AZ-261107-003'] },
)

export class PlanProcessOrder extends PlantCommand<z.output<typeof planProcessOrderBody>> {}

@CommandHandler(PlanProcessOrder)
export class PlanProcessOrderHandler implements ICommandHandler<PlanProcessOrder> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: PlanProcessOrder) {
    const { line, step, inputs, planned, mixed, dueAt, remarks } = command.payload
    const processOrder = command.payload.processOrder ?? numberFrom('PO', command.request.commandId)
    return this.pipeline.run(command, processOrders, processOrder, async (history) =>
      planProcessOrder(
        {
          processOrder,
          line,
          step,
          inputs,
          planned,
          mixed,
          dueAt: dueAt && new Date(dueAt).toISOString(),
          remarks,
        },
        await history.findOne(processOrders, processOrder),
        await history.get(lines, line, '/line'),
        await history.getAll(coils, inputs, (i) => `/inputs/${i}`),
      ),
    )
  }
}
