import { Controller, Get, Param, Query, Res } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { deliveryNoteNumber } from '#domain/words'
import { after } from '#platform/consistency'
import { InjectReader, Reader } from '#platform/read-model/reader'
import { tell } from '../http/etag.js'
import { unknown } from '../http/query.js'
import { Reads } from '../http/reads.js'
import type { DeliveryNoteRow } from './sales-order-rows.js'

const deliveryNote = z.strictObject({
  deliveryNote: z.string(),
  revision: z.int(),
  salesOrder: z.string(),
  customer: z.string(),
  coils: z.array(
    z.strictObject({
      coil: z.string(),
      line: z.int(),
      kg: z.int(),
      state: z.enum(['dispatched', 'delivered', 'returned']).describe('what became of it'),
      castNumbers: z.array(z.string()),
      alloy: z.string(),
      temper: z.string(),
      gaugeMm: z.number(),
      widthMm: z.number(),
      grossWeightKg: z.int().nullable(),
    }),
  ),
  kg: z.int(),
  carrier: z.string().nullable(),
  vehicle: z.string().nullable(),
  issuedBy: z.string(),
  issuedAt: z.iso.datetime(),
  deliveredAt: z.iso.datetime().nullable().describe('when the last of it was delivered'),
})

@ApiTags('sales')
@Controller('delivery-notes')
export class DeliveryNoteController {
  constructor(@InjectReader('inventory') private readonly reader: Reader) {}

  @Get(':deliveryNote')
  @Reads('read-sales', 'A delivery note: what left, with whom, and whether it came there', {
    answer: deliveryNote,
    one: true,
  })
  async get(
    @Param('deliveryNote', { schema: deliveryNoteNumber }) number: string,
    @Query({ schema: z.strictObject(after) }) _query: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const [note] = await this.reader.query<DeliveryNoteRow[]>(
      `SELECT * FROM delivery_notes WHERE "deliveryNote" = $1`,
      [number],
    )
    if (!note) throw unknown('delivery note', number)
    const coils = await this.reader.query<{ coil: string; state: string; since: Date }[]>(
      `SELECT n."coil", n."line", n."kg", coalesce(o."state", 'returned') AS "state", o."since", c."castNumbers",
         c."alloy", c."temper", c."gaugeMm", c."widthMm", c."grossWeightKg"
       FROM jsonb_to_recordset($1::jsonb) AS n("coil" text, "line" int, "kg" int)
       JOIN coils c ON c."coil" = n."coil"
       LEFT JOIN order_coils o ON o."salesOrder" = $2 AND o."coil" = n."coil" AND o."deliveryNote" = $3
       ORDER BY n."line", n."coil"`,
      [JSON.stringify(note.coils), note.salesOrder, number],
    )
    const delivered = coils.filter(({ state }) => state === 'delivered').map(({ since }) => since.getTime())
    const deliveredAt = delivered.length ? new Date(Math.max(...delivered)) : null
    return tell(reply, { ...note, coils: coils.map(({ since: _, ...coil }) => coil), deliveredAt })
  }
}
