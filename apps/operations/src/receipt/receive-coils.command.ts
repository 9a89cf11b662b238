import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { z } from 'zod'
import { coils } from '#domain/coil/state'
import { alloys, locations, partners, plants, tempers } from '#domain/plant/state'
import { receiveCoils } from '#domain/receipt/decide/receive-coils'
import {
  agreementNumber,
  calendarDate,
  castNumber,
  coilNumber,
  locationCode,
  partnerCode,
  product,
  remarks,
  weightKg,
  words,
} from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { readKnown, wanted } from '../pipeline/known.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

const MOST_COILS = 500

const wound = product.omit({ lengthMm: true, sheets: true }).extend({ form: z.literal('coil').default('coil') })

const arrival = z.strictObject({
  coil: coilNumber,
  location: locationCode.optional().describe('where it lies; the one for all, if left out'),
  netWeightKg: weightKg.optional().describe('as weighed or declared; as announced, if left out'),
  grossWeightKg: weightKg.optional(),
  weighing: z
    .discriminatedUnion('by', [
      z.strictObject({ by: z.literal('scale'), scale: words(40).describe('which scale') }),
      z.strictObject({ by: z.literal('declared') }),
    ])
    .default({ by: 'declared' }),
  confirmed: z.boolean().default(false).describe('the weight is right although it does not fit the dimensions'),
  supplier: partnerCode.optional().describe('this and all that follows: needed for a coil that was not announced'),
  owner: partnerCode.optional(),
  castNumber: castNumber.optional().describe('the supplier melt that it comes from'),
  product: wound.optional(),
  agreement: agreementNumber.optional(),
  deliveryNote: words(40).optional(),
  producedOn: calendarDate.optional(),
  remarks: remarks.optional(),
})

export const receiveCoilsBody = commandBody(
  {
    location: locationCode.optional().describe('where those lie that do not say it themselves'),
    coils: z.array(arrival).min(1, 'a receipt is about one coil at least').max(MOST_COILS),
  },
  {
    location: 'YARD',
    coils: [{ coil: 'AZ-261107-003', netWeightKg: 6849, weighing: { by: 'scale', scale: 'GATE-1' } }],
  },
).superRefine(({ location, coils }, context) => {
  coils.forEach((coil, i) => {
    if (!coil.location && !location) context.addIssue({ code: 'custom', path: ['coils', i, 'location'] })
  })
})

export class ReceiveCoils extends PlantCommand<z.output<typeof receiveCoilsBody>> {}

@CommandHandler(ReceiveCoils)
export class ReceiveCoilsHandler implements ICommandHandler<ReceiveCoils> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: ReceiveCoils) {
    const { coils: told, location } = command.payload
    const arrivals = told.map((coil) => ({ ...coil, location: (coil.location ?? location)! }))
    return this.pipeline.run(command, coils, arrivals[0]!.coil, async (history, { now }) => {
      const known = await readKnown(
        history,
        wanted(
          coils,
          arrivals.map((one) => one.coil),
        ),
        wanted(
          locations,
          arrivals.map((one) => one.location),
        ),
        wanted(
          partners,
          arrivals.flatMap((one) => [one.supplier, one.owner]),
        ),
        wanted(
          alloys,
          arrivals.map((one) => one.product?.alloy),
        ),
        wanted(
          tempers,
          arrivals.map((one) => one.product?.temper),
        ),
      )
      return receiveCoils(arrivals, await history.get(plants, 'main'), known, now)
    })
  }
}
