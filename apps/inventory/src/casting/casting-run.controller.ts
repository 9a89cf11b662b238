import { Controller, Get, Param, Query, Res } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { alloyName, lineCode, massBalance, orderNumber, override } from '#domain/words'
import { after } from '#platform/consistency'
import { InjectReader, Reader } from '#platform/read-model/reader'
import { cursorFor, page, pageOf, paging, partsOf } from '../http/cursor.js'
import { tell } from '../http/etag.js'
import { many, unknown, Values, where } from '../http/query.js'
import { Reads } from '../http/reads.js'
import type { CastingRunRow } from './casting-run-rows.js'

const states = z.enum(['running', 'finished'])
const kg = z.int()

const castingRun = z.strictObject({
  castingRun: z.string(),
  revision: z.int(),
  state: states,
  line: z.string(),
  alloy: z.string(),
  owner: z.string(),
  melts: z.array(z.strictObject({ castNumber: z.string(), kg })),
  coils: z.int().describe('cast so far'),
  coilsKg: kg,
  balance: massBalance.nullable(),
  toleranceKg: z.number().nullable(),
  override: override.nullable(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
})
const castCoil = z.strictObject({
  coil: z.string(),
  netWeightKg: kg.describe('when it was cast'),
  melts: z.array(z.strictObject({ castNumber: z.string(), kg })),
  physical: z.string(),
  location: z.string().nullable(),
})
const withCoils = z.strictObject({ ...castingRun.shape, castCoils: z.array(castCoil) })

const search = z.strictObject({
  line: many(lineCode),
  state: many(states),
  alloy: many(alloyName),
  ...paging,
  ...after,
})

@ApiTags('casting')
@Controller('casting-runs')
export class CastingRunController {
  constructor(@InjectReader('inventory') private readonly reader: Reader) {}

  @Get()
  @Reads('read-casting-runs', 'Casting runs, the latest first', { answer: pageOf(castingRun) })
  async list(@Query({ schema: search }) query: z.output<typeof search>) {
    const values = new Values()
    const conditions: string[] = []
    for (const field of ['line', 'state', 'alloy'] as const) {
      if (query[field]) conditions.push(`"${field}" = ANY(${values.of(query[field])})`)
    }
    if (query.cursor) {
      const [at, run] = partsOf(query.cursor, 'casting-runs', z.tuple([z.iso.datetime(), z.string()]))
      conditions.push(`("startedAt", "castingRun") < (${values.of(at)}, ${values.of(run)})`)
    }
    const rows = await this.reader.query<CastingRunRow[]>(
      `SELECT * FROM casting_runs ${where(conditions)}
       ORDER BY "startedAt" DESC, "castingRun" DESC LIMIT ${query.limit + 1}`,
      values.all,
    )
    return page(
      rows,
      query.limit,
      (run) => run,
      (last) => cursorFor('casting-runs', [last.startedAt.toISOString(), last.castingRun]),
    )
  }

  @Get(':run')
  @Reads('read-casting-runs', 'A casting run: melts in, coils out, and its balance', { answer: withCoils, one: true })
  async get(
    @Param('run', { schema: orderNumber }) number: string,
    @Query({ schema: z.strictObject(after) }) _query: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const [run] = await this.reader.query<CastingRunRow[]>(`SELECT * FROM casting_runs WHERE "castingRun" = $1`, [
      number,
    ])
    if (!run) throw unknown('casting run', number)
    const castCoils = await this.reader.query(
      `SELECT "coil", "initialWeightKg" AS "netWeightKg", "melts", "physical", nullif("location", '') AS "location"
       FROM coils WHERE "castingRun" = $1 ORDER BY "enteredAt", "coil"`,
      [number],
    )
    return tell(reply, { ...run, castCoils })
  }
}
