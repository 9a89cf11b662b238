import { z } from 'zod'
import { type EventsOf, nextVersion, version1 } from '../event.js'
import {
  alloyName,
  bulkKg,
  castNumber,
  coilNumber,
  instant,
  lineCode,
  massBalance,
  meltShare,
  orderNumber,
  override,
  overrideByOne,
  partnerCode,
  weightKg,
} from '../words.js'

const finished = z.strictObject({
  castingRun: orderNumber,
  line: lineCode,
  alloy: alloyName,
  owner: partnerCode,
  coils: z.array(z.strictObject({ coil: coilNumber, kg: weightKg })).max(2000),
  melts: z.array(z.strictObject({ castNumber, kg: bulkKg })).max(200),
  balance: massBalance,
  toleranceKg: z.number(),
  startedAt: instant,
  finishedAt: instant,
})

/** Stream `castingRun-<number>`: melts in, coils out. */
export const castingEvents = {
  CastingRunStarted: version1(
    z.strictObject({
      castingRun: orderNumber,
      line: lineCode,
      alloy: alloyName,
      owner: partnerCode,
      startedAt: instant,
    }),
  ),
  MeltAddedToRun: version1(z.strictObject({ castingRun: orderNumber, castNumber, netWeightKg: bulkKg })),
  CoilCastInRun: version1(
    z.strictObject({
      castingRun: orderNumber,
      coil: coilNumber,
      netWeightKg: weightKg,
      melts: z.array(meltShare).min(1).max(20),
    }),
  ),
  CastingRunFinished: nextVersion(
    version1(finished.extend({ override: overrideByOne.optional() })),
    finished.extend({ override: override.optional() }),
    (data) => data,
  ),
} as const
export type CastingEvent = EventsOf<typeof castingEvents>
