import { z } from 'zod'
import { type EventsOf, nextVersion, version1 } from '../event.js'
import { step } from '../plant/events.js'
import {
  bulkKg,
  castNumber,
  coilNumber,
  instant,
  lineCode,
  massBalance,
  orderNumber,
  override,
  overrideByOne,
  partnerCode,
  product,
  reason,
  remarks,
  someKg,
  weightKg,
} from '../words.js'

const input = z.strictObject({ coil: coilNumber, kg: weightKg, owner: partnerCode, product })
const output = z.strictObject({ coil: coilNumber, kg: weightKg, owner: partnerCode, product, remnant: z.boolean() })
const onLine = { processOrder: orderNumber, line: lineCode, step }

/** What is meant to come out, for the people at the line; what came out is in the completion. */
export const plannedOutput = z.strictObject({
  gaugeMm: product.shape.gaugeMm.optional(),
  widthMm: product.shape.widthMm.optional(),
  temper: product.shape.temper.optional(),
  pieces: z.int().min(1).max(1000).optional(),
  remarks: remarks.optional(),
})

const completed = z.strictObject({
  ...onLine,
  inputs: z.array(input).min(1).max(500),
  outputs: z.array(output).max(2000).describe('after anneal and homogenise: the same coils'),
  melt: z
    .strictObject({
      castNumber,
      kg: bulkKg,
      scrapChargedKg: someKg.describe('loose scrap charged with the coils: in balance.inKg, but in no input'),
    })
    .optional()
    .describe('remelt only'),
  balance: massBalance.describe('outKg: outputs, remnants among them, and melt'),
  coatingKg: someKg
    .optional()
    .describe('paint or lacquer taken up: so much of a negative difference is no metal and explained'),
  toleranceKg: z.number(),
  startedAt: instant,
  completedAt: instant,
})

/** Stream `processOrder-<number>`: one run of work on a line. */
export const processingEvents = {
  ProcessOrderPlanned: version1(
    z.strictObject({
      ...onLine,
      inputs: z.array(coilNumber).min(1).max(500),
      planned: z.array(plannedOutput).max(200),
      mixed: z.strictObject({ reason }).optional().describe('why inputs of several owners or alloys may run together'),
      dueAt: instant.optional(),
      remarks: remarks.optional(),
    }),
  ),
  ProcessOrderStarted: version1(
    z.strictObject({ ...onLine, inputs: z.array(input).min(1).max(500), startedAt: instant }),
  ),
  ProcessOrderCompleted: nextVersion(
    version1(completed.extend({ override: overrideByOne.optional() })),
    completed.extend({ override: override.optional() }),
    (data) => data,
  ),
  ProcessOrderAborted: version1(
    z.strictObject({
      ...onLine,
      inputs: z.array(coilNumber).max(500),
      reason,
      startedAt: instant.optional(),
      abortedAt: instant,
    }),
  ),
} as const
export type ProcessingEvent = EventsOf<typeof processingEvents>
