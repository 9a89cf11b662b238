/** What is answered about sales orders. */
import { z } from 'zod'
import { orderLine } from '#domain/sales/events'

const kg = z.int()
const instant = z.iso.datetime()

const amounts = {
  orderedKg: kg,
  reservedKg: kg,
  soldKg: kg.describe('and not dispatched yet'),
  dispatchedKg: kg.describe('and not delivered yet'),
  deliveredKg: kg,
  returnedKg: kg,
  openKg: kg.describe('ordered, and neither reserved, sold nor on its way; 0 if there is more than enough'),
}

const line = z.strictObject({ ...orderLine.shape, ...amounts })

export const salesOrder = z.strictObject({
  salesOrder: z.string(),
  revision: z.int(),
  state: z.enum(['open', 'fulfilled', 'cancelled']).describe('fulfilled: every line delivered, within its tolerance'),
  customer: z.string(),
  reference: z.string().nullable(),
  remarks: z.string().nullable(),
  placedAt: instant,
  cancelledAt: instant.nullable(),
  cancelReason: z.string().nullable(),
  lines: z.array(line),
  ...amounts,
})

export const orderCoil = z.strictObject({
  coil: z.string(),
  line: z.int(),
  kg,
  state: z.enum(['reserved', 'sold', 'dispatched', 'delivered', 'returned']),
  reservation: z.string().nullable(),
  reservedUntil: instant.nullable(),
  deliveryNote: z.string().nullable(),
  since: instant,
})

export const salesOrderWithCoils = z.strictObject({
  ...salesOrder.shape,
  coils: z.array(orderCoil),
  deliveryNotes: z.array(z.string()),
})
