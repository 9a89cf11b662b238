import { z } from 'zod'
import {
  alloyName,
  bulkKg,
  castNumber,
  coilNumber,
  locationCode,
  overrideAsked,
  partnerCode,
  product,
  someKg,
  temperCode,
  weightKg,
  words,
} from '../words.js'

/** What the people at the line tell when an order is done. Where a field of a product is left out, it is its mother's. */

const confirmed = z.boolean().optional().describe('the weight was checked, though it does not fit the dimensions')
const howWeighed = z
  .discriminatedUnion('by', [
    z.strictObject({ by: z.literal('scale'), scale: words(40).describe('which scale') }),
    z.strictObject({ by: z.literal('declared') }),
  ])
  .default({ by: 'declared' })

const output = z.strictObject({
  coil: coilNumber.describe('a new number, of a pack of sheets too'),
  from: z
    .array(z.strictObject({ coil: coilNumber, kg: weightKg.optional() }))
    .min(1)
    .max(500)
    .optional()
    .describe(
      'the mothers, and the kg of each: all or none of them; without kg, in proportion to what is left of the mothers. ' +
        'May be left out when the order has one input, and for a join, which is then from all inputs',
    ),
  gaugeMm: product.shape.gaugeMm.optional(),
  widthMm: product.shape.widthMm.optional(),
  temper: temperCode.optional(),
  innerDiameterMm: product.shape.innerDiameterMm,
  outerDiameterMm: product.shape.outerDiameterMm.describe('never its mother’s: it is wound anew'),
  lengthMm: product.shape.lengthMm,
  sheets: product.shape.sheets,
  alloy: alloyName.optional().describe('only where mothers of several alloys are joined'),
  owner: partnerCode
    .optional()
    .describe('only where mothers of several owners are joined: title goes over to this one'),
  netWeightKg: weightKg,
  grossWeightKg: weightKg.optional(),
  weighing: howWeighed,
  location: locationCode,
  remnant: z.boolean().optional().describe('what is left of a partly used mother: back to stock, not a product'),
  confirmed,
})
export type OutputTold = z.output<typeof output>

const result = z.strictObject({
  coil: coilNumber,
  temper: temperCode.optional(),
  netWeightKg: weightKg.optional().describe('when it was weighed again'),
  location: locationCode,
  confirmed,
})
export type ResultTold = z.output<typeof result>

const melt = z.strictObject({
  castNumber: castNumber.describe('the new melt’s'),
  netWeightKg: bulkKg,
  alloy: alloyName.optional().describe('only where coils of several alloys are melted together'),
  owner: partnerCode.optional().describe('only where coils of several owners are melted together'),
  furnace: words(40).optional(),
  scrapChargedKg: someKg.default(0).describe('loose process scrap of the same owner charged with the coils'),
})
export type MeltTold = z.output<typeof melt>

/** Fields of the body of `POST /process-orders/:order/complete`. */
export const completionShape = {
  outputs: z.array(output).max(2000).default([]).describe('all steps but anneal, homogenise and remelt'),
  results: z.array(result).max(500).default([]).describe('anneal and homogenise: every coil of the order'),
  melt: melt.optional().describe('remelt only'),
  scrapKg: someKg.default(0).describe('trim, crops and rejects that can be remelted'),
  lossKg: someKg.default(0).describe('dross and scale that cannot'),
  trimMm: z.number().min(0).max(3000).default(0).describe('slit only: edge trim in total, of each mother'),
  coatingKg: someKg.default(0).describe('coat only: paint or lacquer that the strip has taken up'),
  override: overrideAsked
    .optional()
    .describe('why masses that do not balance are to be accepted: a second person must agree'),
}
const completion = z.strictObject(completionShape)
export type Completion = z.output<typeof completion>
