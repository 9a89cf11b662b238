/** What the throughput queries answer. Weights in whole kg, hours and percentages rounded to two digits. */
import { z } from 'zod'

const count = z.int().min(0)
const hours = z.number().min(0).nullable()

/** Beside its figures a group has what it was grouped by, e.g. `line` and `day`; null where work has no such thing. */
const dimensions = z.union([z.string(), z.number(), z.null()])

const production = {
  orders: count,
  coilsIn: count,
  coilsOut: count,
  kgIn: z.int(),
  kgOut: z.int(),
  scrapKg: z.int(),
  lossKg: z.int(),
  differenceKg: z.int(),
  yieldPercent: z.number().nullable().describe('kgOut / kgIn; null where nothing went in'),
  runningHours: z.number().min(0).describe('time in which at least one order ran, per line'),
  kgPerHour: z.int().nullable().describe('kgOut / runningHours; null where nothing ran for a minute'),
}
const PRODUCTION = {
  orders: 2,
  coilsIn: 2,
  coilsOut: 3,
  kgIn: 13631,
  kgOut: 13453,
  scrapKg: 170,
  lossKg: 4,
  differenceKg: 4,
  yieldPercent: 98.69,
  runningHours: 1.5,
  kgPerHour: 8969,
}
const productionFigures = z.object(production)
const productionGroup = z.object(production).catchall(dimensions)
export const productionAnswer = z
  .object({ groups: z.array(productionGroup), totals: productionFigures })
  .meta({ examples: [{ groups: [{ line: 'SLIT-1', day: '2026-11-10', ...PRODUCTION }], totals: PRODUCTION }] })
export type ProductionFigures = z.output<typeof productionFigures>
export type ProductionGroup = z.output<typeof productionGroup>

const leadTimes = {
  coils: count,
  kg: z.int(),
  meanHours: hours,
  medianHours: hours,
  p90Hours: hours.describe('nine of ten coils were quicker'),
  longestHours: hours,
}
const LEAD_TIMES = { coils: 3, kg: 20500, meanHours: 90.5, medianHours: 72.25, p90Hours: 160, longestHours: 171.5 }
/** Hours from the receipt or casting of a coil's oldest metal to its sale. */
const leadTimeFigures = z.object(leadTimes)
const leadTimeGroup = z.object(leadTimes).catchall(dimensions)
export const leadTimeAnswer = z
  .object({ groups: z.array(leadTimeGroup), totals: leadTimeFigures })
  .meta({ examples: [{ groups: [{ month: '2026-11', ...LEAD_TIMES }], totals: LEAD_TIMES }] })
export type LeadTimeFigures = z.output<typeof leadTimeFigures>
export type LeadTimeGroup = z.output<typeof leadTimeGroup>

export const workInProcessAnswer = z.object({
  lines: z.array(
    z.object({
      line: z.string().meta({ examples: ['SLIT-1'] }),
      step: z.string().meta({ examples: ['slit'] }),
      orders: count,
      coils: count,
      kg: z.int(),
      oldestSince: z.iso.datetime().describe('when the first of them was put on the line'),
    }),
  ),
  totals: z.object({ coils: count, kg: z.int() }),
})
