import { z } from 'zod'
import { type EventsOf, version1 } from '../event.js'
import { agreementNumber, bulkKg, coilNumber, instant, partnerCode, words } from '../words.js'

/** The longest list that is taken at once: one append, and one event that names all its coils. */
export const MOST_ROWS = 5000
/** So many faults of rows left out are kept with the list. */
export const MOST_FAULTS_KEPT = 500

/** What is wrong with one cell. `row` as a spreadsheet counts; left out for what was said outside the file. */
export const rowFault = z.strictObject({
  row: z.int().min(1).optional(),
  column: z.string().max(60),
  value: z.string().max(120).describe('shortened; hidden characters are written out'),
  rule: z.string().max(60),
  message: z.string().max(500),
})
export type RowFault = z.output<typeof rowFault>

/**
 * Stream `packingList-<id>`: what a supplier says is on its way. The id is made from the content, so that the same
 * list is the same stream; when more of its rows have become good, a second acceptance announces those.
 */
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
      coils: z.array(coilNumber).min(1).max(MOST_ROWS).describe('announced by this'),
      kg: bulkKg.describe('of the coils announced'),
      unchanged: z.array(coilNumber).max(MOST_ROWS).describe('in the list too, but announced before, just so'),
      rowsLeftOut: z.int().min(0).describe('bad rows, when the caller asked for the good ones only'),
      faults: z.array(rowFault).max(MOST_FAULTS_KEPT).describe('why rows were left out; the first of them'),
    }),
  ),
} as const
export type ArrivalEvent = EventsOf<typeof arrivalEvents>
export type PackingListAccepted = z.output<typeof arrivalEvents.PackingListAccepted.schema>
