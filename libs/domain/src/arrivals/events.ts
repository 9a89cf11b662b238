import { z } from 'zod'
import { type EventsOf, version1 } from '../event.js'
import { agreementNumber, bulkKg, coilNumber, instant, partnerCode, words } from '../words.js'

/** Stream `packingList-<id>`: what a supplier says is on its way. */
export const arrivalEvents = {
  PackingListAccepted: version1(
    z.strictObject({
      packingList: words(80),
      supplier: partnerCode,
      owner: partnerCode,
      agreement: agreementNumber.optional(),
      deliveryNote: words(40).optional(),
      vehicle: words(100).optional(),
      shippedAt: instant.optional(),
      contentHash: z.string().regex(/^[0-9a-f]{64}$/),
      coils: z.array(coilNumber).min(1).max(5000),
      kg: bulkKg,
      rowsLeftOut: z.int().min(0).describe('bad rows, when the caller asked for the good ones only'),
    }),
  ),
} as const
export type ArrivalEvent = EventsOf<typeof arrivalEvents>
