import { z } from 'zod'
import { type EventsOf, version1 } from '../event.js'
import {
  alloyName,
  bulkKg,
  castNumber,
  element,
  orderNumber,
  partnerCode,
  personName,
  reason,
  share,
  someKg,
  words,
} from '../words.js'

const outside = z.strictObject({ element, value: z.number(), min: z.number().optional(), max: z.number().optional() })

/** Stream `melt-<cast number>`: one furnace melt, one chemistry. */
export const meltEvents = {
  MeltRecorded: version1(
    z.strictObject({
      castNumber,
      alloy: alloyName,
      owner: partnerCode,
      origin: z.enum(['furnace', 'remelt', 'supplier']),
      netWeightKg: bulkKg.optional().describe('unknown for a supplier melt'),
      furnace: words(40).optional(),
      from: z.array(share).max(500).describe('remelt only: coils melted, and the kg that each gave'),
      scrapChargedKg: someKg
        .optional()
        .describe('remelt only: loose scrap charged with them; gave the rest of the melt'),
    }),
  ),
  MeltAnalysed: version1(
    z.strictObject({
      castNumber,
      alloy: alloyName,
      elements: z.record(element, z.number().min(0).max(100)).describe('mass-%'),
      outside: z.array(outside).max(50).describe('elements outside the alloy’s limits'),
      accepted: z
        .strictObject({ reason, acceptedBy: personName })
        .optional()
        .describe('why it may be cast all the same'),
    }),
  ),
  MeltCharged: version1(z.strictObject({ castNumber, castingRun: orderNumber })),
} as const
export type MeltEvent = EventsOf<typeof meltEvents>
