import { z } from 'zod'
import { type EventsOf, version1 } from '../event.js'
import {
  alloyName,
  bulkKg,
  coilNumber,
  deliveryNoteNumber,
  gaugeMm,
  instant,
  orderNumber,
  partnerCode,
  personName,
  reason,
  remarks,
  share,
  temperCode,
  widthMm,
  words,
} from '../words.js'

const range = (value: typeof gaugeMm) =>
  z.strictObject({ min: value, max: value }).refine((r) => r.min <= r.max, 'min is not above max')

/** What a customer orders: a strip by its properties, not a coil by its number. */
export const specification = z.strictObject({
  alloy: alloyName,
  temper: temperCode,
  gaugeMm: range(gaugeMm),
  widthMm: range(widthMm),
  form: z.enum(['coil', 'pack']).default('coil'),
})
export type Specification = z.output<typeof specification>

export const orderLine = z.strictObject({
  line: z.int().min(1).max(500),
  specification,
  kg: bulkKg,
  tolerancePercent: z.number().min(0).max(100).describe('how far the delivered weight may be off, either way'),
})
export type OrderLine = z.output<typeof orderLine>

const onOrder = { salesOrder: orderNumber, line: z.int().min(1) }
/** Most coils that one command names. */
export const MOST_COILS = 500
const coils = z.array(share).min(1).max(MOST_COILS)
const reservation = words(80)
const deviation = reason.optional().describe('why the line gets other coils, or more kg, than it asks for')
/** A line may have more coils by and by than one command names. */
const coilsOfLine = z.array(share).min(1)
/** Coils as they leave: from which line each is. */
const parcels = z
  .array(z.strictObject({ coil: coilNumber, line: z.int().min(1), kg: bulkKg }))
  .min(1)
  .max(MOST_COILS)

/** Streams `salesOrder-<number>` and `deliveryNote-<number>`. */
export const salesEvents = {
  SalesOrderPlaced: version1(
    z.strictObject({
      salesOrder: orderNumber,
      customer: partnerCode,
      reference: words(80).optional().describe('the customer’s own number'),
      lines: z.array(orderLine).min(1).max(200),
      remarks: remarks.optional(),
    }),
  ),
  CoilsReserved: version1(z.strictObject({ ...onOrder, reservation, coils, until: instant, deviation })),
  ReservationExtended: version1(
    z.strictObject({
      ...onOrder,
      reservation,
      coils: z.array(coilNumber).min(1).max(MOST_COILS),
      previousUntil: instant,
      until: instant,
    }),
  ),
  ReservationReleased: version1(
    z.strictObject({ ...onOrder, reservation, coils: z.array(coilNumber).min(1).max(MOST_COILS), reason }),
  ),
  ReservationExpired: version1(
    z.strictObject({ ...onOrder, reservation, coils: z.array(coilNumber).min(1).max(MOST_COILS), until: instant }),
  ),
  CoilsSold: version1(z.strictObject({ ...onOrder, coils, deviation })),
  SaleCancelled: version1(z.strictObject({ ...onOrder, coils: coilsOfLine, reason })),
  GoodsDispatched: version1(
    z.strictObject({ salesOrder: orderNumber, deliveryNote: deliveryNoteNumber, coils: parcels, kg: bulkKg }),
  ),
  GoodsDelivered: version1(
    z.strictObject({
      salesOrder: orderNumber,
      deliveryNote: deliveryNoteNumber,
      coils: z.array(coilNumber).min(1).max(MOST_COILS),
    }),
  ),
  /** With the kg that each had when it left; what it weighs now, if it was weighed again, is in its own history. */
  GoodsReturned: version1(z.strictObject({ salesOrder: orderNumber, coils: parcels, reason })),
  SalesOrderCancelled: version1(z.strictObject({ salesOrder: orderNumber, reason })),
  DeliveryNoteIssued: version1(
    z.strictObject({
      deliveryNote: deliveryNoteNumber,
      salesOrder: orderNumber,
      customer: partnerCode,
      coils: parcels,
      kg: bulkKg,
      carrier: words(100).optional(),
      vehicle: words(60).optional(),
      issuedBy: personName,
    }),
  ),
} as const
export type SalesEvent = EventsOf<typeof salesEvents>
