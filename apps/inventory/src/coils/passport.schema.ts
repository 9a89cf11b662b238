/** What `GET /api/coils/:number` answers. */
import { z } from 'zod'
import { analysis, limits } from '../melts/melts.js'
import { stockCoil } from '../stock/stock-coil.js'
import { timelineEntry } from '../timeline/timeline.js'

const kg = z.int()
const instant = z.iso.datetime()
const relative = z.strictObject({ coil: z.string(), kg, step: z.string(), order: z.string().nullable() })

const books = z
  .strictObject({
    initialKg: kg,
    adjustmentKg: kg.describe('weighed again or corrected'),
    returnedKg: kg,
    processedKg: kg.describe('into other coils'),
    remeltedKg: kg,
    scrapKg: kg,
    lossKg: kg,
    differenceKg: kg.describe('what nobody can account for'),
    dispatchedKg: kg,
    onHandKg: kg,
    unaccountedKg: kg.describe('always 0: initial + adjustment + returned, less all the others'),
  })
  .describe('where its kilograms came from and went')

export const passport = z.strictObject({
  ...stockCoil.shape,
  onHand: z.boolean(),
  where: z.string().describe('in words'),
  reservation: z.string().nullable(),
  mandate: z.string().nullable().describe('the owner’s, under which it was sold'),
  soldAt: instant.nullable(),
  weighedBy: z.enum(['scale', 'declared']).nullable(),
  weighings: z.array(
    z.strictObject({
      at: instant,
      netWeightKg: kg,
      grossWeightKg: kg.nullable(),
      how: z.string(),
      adjustmentKg: kg.nullable(),
      revision: z.int(),
    }),
  ),
  chemistry: z.strictObject({
    alloy: z.string(),
    limits: limits.nullable(),
    melts: z.array(
      z.strictObject({
        castNumber: z.string(),
        percent: z.number().nullable().describe('of the coil; null where the kilograms are not known'),
        alloy: z.string().nullable(),
        origin: z.string().nullable(),
        analysis: analysis.nullable().describe('the one that counts'),
      }),
    ),
    elements: z
      .record(z.string(), z.number())
      .nullable()
      .describe('mass-% of the whole coil by the proportions of its melts; null unless all of them are analysed'),
  }),
  mothers: z.array(relative),
  children: z.array(relative),
  books,
  timeline: z.array(timelineEntry),
})
