import { z } from 'zod'
import { type EventsOf, nextVersion, version1 } from '../event.js'
import { step } from '../plant/events.js'
import {
  agreementNumber,
  bothPersons,
  calendarDate,
  castNumber,
  coilNumber,
  deliveryNoteNumber,
  instant,
  lineCode,
  locationCode,
  meltShare,
  orderNumber,
  packNumber,
  partnerCode,
  personName,
  product,
  reason,
  remarks,
  share,
  signedKg,
  someKg,
  weighing,
  weightKg,
  words,
} from '../words.js'

/** Made from the command's id, which has up to 128 characters. */
const holdId = words(140)
const reservationId = words(80)

const deviation = reason.optional().describe('why it goes to a line that asks for something else')

/** Its customer was promised the coil as it was before, and must hear of it. */
const afterSale = z
  .strictObject({ salesOrder: orderNumber, customer: partnerCode })
  .optional()
  .describe('the sale that stood when this was recorded')

/** The recorded fact that a correction is about. */
const corrected = z.strictObject({ eventId: z.uuid(), type: words(60), revision: z.int().min(0) })

const released = {
  coil: coilNumber,
  hold: holdId,
  reason,
  cause: coilNumber.optional().describe('the coil whose release cascaded to this one'),
}

const weightCorrected = z.strictObject({
  coil: coilNumber,
  corrects: corrected,
  previousNetWeightKg: weightKg,
  netWeightKg: weightKg,
  adjustmentKg: signedKg,
  reason,
  afterSale,
})

const announcement = z.strictObject({
  coil: coilNumber,
  packingList: words(80),
  supplier: partnerCode,
  owner: partnerCode,
  agreement: agreementNumber.optional(),
  deliveryNote: words(40).optional(),
  castNumber,
  product,
  netWeightKg: weightKg,
  grossWeightKg: weightKg.optional(),
  producedOn: calendarDate.optional(),
  remarks: remarks.optional(),
})
export type Announcement = z.output<typeof announcement>

const onProcess = { processOrder: orderNumber, line: lineCode, step }

/**
 * Stream `coil-<number>`: one coil's history. Each event names the coil, and carries all that its readers need.
 * `location: null` means that it lies in no bay: on a line, on a lorry, or gone.
 */
export const coilEvents = {
  CoilAnnounced: version1(announcement),
  CoilReceived: version1(
    z.strictObject({
      coil: coilNumber,
      announced: z.boolean(),
      supplier: partnerCode,
      owner: partnerCode,
      holder: partnerCode,
      agreement: agreementNumber.optional(),
      deliveryNote: words(40).optional(),
      castNumber: castNumber.describe('the supplier melt declared: where its ancestry ends'),
      product,
      netWeightKg: weightKg,
      grossWeightKg: weightKg.optional(),
      weighing,
      location: locationCode,
      difference: z
        .strictObject({
          announcedKg: weightKg,
          differenceKg: signedKg,
          toleranceKg: z.number(),
          beyondTolerance: z.boolean(),
        })
        .optional()
        .describe('received minus announced; only for announced coils'),
      producedOn: calendarDate.optional(),
      remarks: remarks.optional(),
    }),
  ),
  WeightDifferenceAccepted: version1(
    z.strictObject({ coil: coilNumber, differenceKg: signedKg, acceptedBy: personName, reason }),
  ),
  CoilCast: version1(
    z.strictObject({
      coil: coilNumber,
      castingRun: orderNumber,
      line: lineCode,
      melts: z.array(meltShare).min(1).max(20),
      owner: partnerCode,
      holder: partnerCode,
      product,
      netWeightKg: weightKg,
      grossWeightKg: weightKg.optional(),
      weighing,
      location: locationCode,
    }),
  ),
  CoilProduced: version1(
    z.strictObject({
      coil: coilNumber,
      ...onProcess,
      from: z.array(share).min(1).max(500).describe('mother coils and the kg each gave; sums to netWeightKg'),
      melts: z.array(castNumber).max(500).describe('the melts that its mothers come from'),
      remnant: z.boolean().describe('what is left of a partly used mother: not a product of the step'),
      owner: partnerCode,
      holder: partnerCode,
      product,
      netWeightKg: weightKg,
      grossWeightKg: weightKg.optional(),
      weighing,
      location: locationCode,
    }),
  ),
  CoilMoved: version1(z.strictObject({ coil: coilNumber, from: locationCode, to: locationCode })),
  /** Weighed again; `adjustmentKg = netWeightKg - previousNetWeightKg` is booked as gain or loss of weighing. */
  CoilWeighed: version1(
    z.strictObject({
      coil: coilNumber,
      netWeightKg: weightKg,
      grossWeightKg: weightKg.optional(),
      scale: words(40),
      previousNetWeightKg: weightKg,
      adjustmentKg: signedKg,
      afterSale,
    }),
  ),
  CoilInspected: version1(
    z.strictObject({
      coil: coilNumber,
      result: z.enum(['conforming', 'nonconforming']),
      findings: z.array(words(300)).max(50),
      inspector: personName,
    }),
  ),
  CoilHeld: version1(
    z.strictObject({
      coil: coilNumber,
      hold: holdId,
      reason,
      cause: coilNumber.optional().describe('the coil it cascaded from'),
    }),
  ),
  CoilReleased: nextVersion(
    version1(z.strictObject({ ...released, approvedBy: personName.describe('as whoever released it named them') })),
    z.strictObject({ ...released, ...bothPersons }),
    (data) => data,
  ),
  CoilDowngraded: version1(z.strictObject({ coil: coilNumber, grade: words(40), reason })),
  CoilRejected: version1(z.strictObject({ coil: coilNumber, reason })),
  CoilWeightCorrected: nextVersion(
    version1(weightCorrected),
    weightCorrected.extend({
      requestedBy: personName.optional().describe('of a sold coil'),
      approvedBy: personName.optional().describe('of a sold coil'),
    }),
    (data) => data,
  ),
  /** Anything but the weight: whole product as it was and as it is. */
  CoilProductCorrected: version1(
    z.strictObject({ coil: coilNumber, corrects: corrected, previous: product, product, reason, afterSale }),
  ),
  CoilPacked: version1(z.strictObject({ coil: coilNumber, pack: packNumber, with: z.array(coilNumber).max(200) })),
  CoilUnpacked: version1(z.strictObject({ coil: coilNumber, pack: packNumber, reason })),
  CoilScrapped: version1(
    z.strictObject({
      coil: coilNumber,
      netWeightKg: weightKg,
      owner: partnerCode,
      kind: z.enum(['process-scrap', 'melt-loss']),
      reason,
    }),
  ),
  CoilProcessingStarted: version1(z.strictObject({ coil: coilNumber, ...onProcess, from: locationCode })),
  CoilProcessingAborted: version1(z.strictObject({ coil: coilNumber, ...onProcess, location: locationCode, reason })),
  /** Same coil before and after (anneal, homogenise). Weight lost in the furnace is in `lossKg`, `differenceKg` what scales disagree on. */
  CoilTreated: version1(
    z.strictObject({
      coil: coilNumber,
      ...onProcess,
      previousTemper: product.shape.temper,
      temper: product.shape.temper,
      previousNetWeightKg: weightKg,
      netWeightKg: weightKg,
      lossKg: someKg,
      differenceKg: signedKg,
      location: locationCode,
    }),
  ),
  /** `netWeightKg = sum(into.kg) + intoMelt.kg + scrapKg + lossKg + differenceKg`. */
  CoilConsumed: version1(
    z.strictObject({
      coil: coilNumber,
      ...onProcess,
      netWeightKg: weightKg,
      owner: partnerCode,
      into: z.array(share).max(2000),
      intoMelt: meltShare.optional().describe('remelt only'),
      scrapKg: someKg,
      lossKg: someKg,
      differenceKg: signedKg,
    }),
  ),
  CoilReserved: version1(
    z.strictObject({
      coil: coilNumber,
      reservation: reservationId,
      salesOrder: orderNumber,
      line: z.int().min(1),
      customer: partnerCode,
      until: instant,
      deviation,
    }),
  ),
  CoilReservationExtended: version1(
    z.strictObject({
      coil: coilNumber,
      reservation: reservationId,
      salesOrder: orderNumber,
      previousUntil: instant,
      until: instant,
    }),
  ),
  CoilReservationReleased: version1(
    z.strictObject({ coil: coilNumber, reservation: reservationId, salesOrder: orderNumber, reason }),
  ),
  CoilReservationExpired: version1(
    z.strictObject({ coil: coilNumber, reservation: reservationId, salesOrder: orderNumber, until: instant }),
  ),
  CoilSold: version1(
    z.strictObject({
      coil: coilNumber,
      salesOrder: orderNumber,
      line: z.int().min(1),
      customer: partnerCode,
      owner: partnerCode,
      mandate: words(40).optional().describe('the owner’s mandate, when the metal is not the plant’s own'),
      netWeightKg: weightKg,
      deviation,
    }),
  ),
  CoilSaleCancelled: version1(z.strictObject({ coil: coilNumber, salesOrder: orderNumber, reason })),
  CoilDispatched: version1(
    z.strictObject({
      coil: coilNumber,
      salesOrder: orderNumber,
      deliveryNote: deliveryNoteNumber,
      customer: partnerCode,
      netWeightKg: weightKg,
      from: locationCode,
    }),
  ),
  CoilDelivered: version1(
    z.strictObject({ coil: coilNumber, salesOrder: orderNumber, deliveryNote: deliveryNoteNumber }),
  ),
  /**
   * Back in stock, free again, with the weight that it left with. A hold is recorded with it; so are a new weighing, if
   * there is one, and the title's way back, if it had passed.
   */
  CoilReturned: version1(
    z.strictObject({
      coil: coilNumber,
      salesOrder: orderNumber,
      netWeightKg: weightKg,
      location: locationCode,
      reason,
    }),
  ),
  TitleTransferred: version1(
    z.strictObject({ coil: coilNumber, from: partnerCode, to: partnerCode, holder: partnerCode, reason }),
  ),
} as const
export type CoilEvent = EventsOf<typeof coilEvents>
