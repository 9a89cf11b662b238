import { Controller, Get, Param, Query, Res } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { orderNumber, partnerCode } from '#domain/words'
import { after } from '#platform/consistency'
import { InjectReader, Reader } from '#platform/read-model/reader'
import { cursorFor, page, pageOf, paging, partsOf } from '../http/cursor.js'
import { tell } from '../http/etag.js'
import { many, Values, where, yesOrNo } from '../http/query.js'
import { Reads } from '../http/reads.js'
import { MatchingCoils, matches } from './matching-coils.js'
import { salesOrder, salesOrderWithCoils } from './sales-order.schema.js'
import { asSalesOrder, SalesOrders, SELECT_ORDERS } from './sales-orders.js'

const search = z.strictObject({
  customer: many(partnerCode),
  cancelled: yesOrNo.optional(),
  ...paging,
  ...after,
})
const matchQuery = z.strictObject({ limit: paging.limit, ...after })
const lineNumber = z.coerce.number().int().min(1).max(500)

@ApiTags('sales')
@Controller('sales-orders')
export class SalesOrderController {
  constructor(
    @InjectReader('inventory') private readonly reader: Reader,
    private readonly orders: SalesOrders,
    private readonly matching: MatchingCoils,
  ) {}

  @Get()
  @Reads('read-sales', 'Sales orders, the latest first, and how far each line is', { answer: pageOf(salesOrder) })
  async list(@Query({ schema: search }) query: z.output<typeof search>) {
    const values = new Values()
    const conditions: string[] = []
    if (query.customer) conditions.push(`o."customer" = ANY(${values.of(query.customer)})`)
    if (query.cancelled !== undefined) conditions.push(`o."cancelledAt" IS ${query.cancelled ? 'NOT ' : ''}NULL`)
    if (query.cursor) {
      const [at, order] = partsOf(query.cursor, 'sales-orders', z.tuple([z.iso.datetime(), z.string()]))
      conditions.push(`(o."placedAt", o."salesOrder") < (${values.of(at)}, ${values.of(order)})`)
    }
    const rows = await this.reader.query<Parameters<typeof asSalesOrder>[0][]>(
      `${SELECT_ORDERS} ${where(conditions)}
       ORDER BY o."placedAt" DESC, o."salesOrder" DESC LIMIT ${query.limit + 1}`,
      values.all,
    )
    return page(rows, query.limit, asSalesOrder, (last) =>
      cursorFor('sales-orders', [last.placedAt.toISOString(), last.salesOrder]),
    )
  }

  @Get(':order')
  @Reads('read-sales', 'A sales order, its coils and delivery notes', { answer: salesOrderWithCoils, one: true })
  async get(
    @Param('order', { schema: orderNumber }) number: string,
    @Query({ schema: z.strictObject(after) }) _query: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const order = await this.orders.get(number)
    const [coils, deliveryNotes] = await Promise.all([this.orders.coils(number), this.orders.deliveryNotes(number)])
    return tell(reply, { ...order, coils, deliveryNotes })
  }

  @Get(':order/lines/:line/matching-coils')
  @Reads('match-coils', 'Coils that can be promised for a line, best first', {
    description:
      'Available coils of the line’s alloy, temper, form, gauge and width. First those that the plant may sell; of ' +
      'these, those that do not overfill the line; then by points: quality (inspected before uninspected before ' +
      'downgraded), nearness to the middle of the gauge and width ranges, weight that fills what is open, and age ' +
      '(the oldest goes first). `why` says it for each coil.',
    answer: matches,
    one: true,
  })
  match(
    @Param('order', { schema: orderNumber }) number: string,
    @Param('line', { schema: lineNumber }) line: number,
    @Query({ schema: matchQuery }) { limit }: z.output<typeof matchQuery>,
  ) {
    return this.matching.for(number, line, limit)
  }
}
