import { Controller, Get, Param, Query, Res } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { STEPS } from '#domain/plant/events'
import { plannedOutput } from '#domain/processing/events'
import { lineCode, massBalance, orderNumber, override, product } from '#domain/words'
import { after } from '#platform/consistency'
import { InjectReader, Reader } from '#platform/read-model/reader'
import { cursorFor, page, pageOf, paging, partsOf } from '../http/cursor.js'
import { tell } from '../http/etag.js'
import { many, unknown, Values, where } from '../http/query.js'
import { Reads } from '../http/reads.js'
import type { ProcessOrderRow } from './process-order-rows.js'

const states = z.enum(['planned', 'running', 'completed', 'aborted'])
const instant = z.iso.datetime().nullable()

const processOrder = z.strictObject({
  processOrder: z.string(),
  revision: z.int(),
  state: states,
  line: z.string(),
  step: z.string(),
  inputs: z.array(
    z.strictObject({
      coil: z.string(),
      kg: z.int().optional().describe('from the start on'),
      owner: z.string().optional(),
      product: product.optional(),
    }),
  ),
  planned: z.array(plannedOutput).describe('what is meant to come out'),
  outputs: z.array(z.strictObject({ coil: z.string(), kg: z.int(), owner: z.string(), product, remnant: z.boolean() })),
  melt: z.strictObject({ castNumber: z.string(), kg: z.int() }).nullable(),
  balance: massBalance.nullable(),
  coatingKg: z.int().nullable().describe('paint or lacquer taken up: it is in the difference, and no metal'),
  toleranceKg: z.number().nullable(),
  override: override.nullable(),
  mixedReason: z.string().nullable(),
  abortReason: z.string().nullable(),
  remarks: z.string().nullable(),
  plannedAt: z.iso.datetime(),
  dueAt: instant,
  startedAt: instant,
  endedAt: instant,
})

const search = z.strictObject({
  line: many(lineCode),
  state: many(states),
  step: many(z.enum(STEPS)),
  ...paging,
  ...after,
})

@ApiTags('processing')
@Controller('process-orders')
export class ProcessOrderController {
  constructor(@InjectReader('inventory') private readonly reader: Reader) {}

  @Get()
  @Reads('read-process-orders', 'Process orders, the latest planned first', { answer: pageOf(processOrder) })
  async list(@Query({ schema: search }) query: z.output<typeof search>) {
    const values = new Values()
    const conditions: string[] = []
    for (const field of ['line', 'state', 'step'] as const) {
      if (query[field]) conditions.push(`"${field}" = ANY(${values.of(query[field])})`)
    }
    if (query.cursor) {
      const [at, order] = partsOf(query.cursor, 'process-orders', z.tuple([z.iso.datetime(), z.string()]))
      conditions.push(`("plannedAt", "processOrder") < (${values.of(at)}, ${values.of(order)})`)
    }
    const rows = await this.reader.query<ProcessOrderRow[]>(
      `SELECT * FROM process_orders ${where(conditions)}
       ORDER BY "plannedAt" DESC, "processOrder" DESC LIMIT ${query.limit + 1}`,
      values.all,
    )
    return page(
      rows,
      query.limit,
      (order) => order,
      (last) => cursorFor('process-orders', [last.plannedAt.toISOString(), last.processOrder]),
    )
  }

  @Get(':order')
  @Reads('read-process-orders', 'A process order: inputs, what was planned, outputs, and its balance', {
    answer: processOrder,
    one: true,
  })
  async get(
    @Param('order', { schema: orderNumber }) number: string,
    @Query({ schema: z.strictObject(after) }) _query: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const [order] = await this.reader.query<ProcessOrderRow[]>(
      `SELECT * FROM process_orders WHERE "processOrder" = $1`,
      [number],
    )
    if (!order) throw unknown('process order', number)
    return tell(reply, order)
  }
}
