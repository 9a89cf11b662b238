import { Controller, Get, Param, Query, Res } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { rowFault } from '#domain/arrivals/events'
import { partnerCode, words } from '#domain/words'
import { after } from '#platform/consistency'
import { InjectReader, Reader } from '#platform/read-model/reader'
import { cursorFor, page, pageOf, paging, partsOf } from '../http/cursor.js'
import { tell } from '../http/etag.js'
import { many, unknown, Values, where } from '../http/query.js'
import { Reads } from '../http/reads.js'
import type { PackingListRow } from './packing-list-rows.js'

const kg = z.int()

const packingList = z.strictObject({
  packingList: z.string(),
  revision: z.int(),
  supplier: z.string(),
  owner: z.string(),
  agreement: z.string().nullable(),
  deliveryNote: z.string().nullable(),
  vehicle: z.string().nullable(),
  shippedAt: z.iso.datetime().nullable(),
  acceptedAt: z.iso.datetime(),
  contentHash: z.string(),
  coils: z.int().describe('as announced'),
  kg: kg.describe('as announced'),
  rowsLeftOut: z.int(),
  faults: z.array(rowFault).describe('why rows were left out; the first of them'),
  expectedCoils: z.int().describe('not received yet'),
  expectedKg: kg,
  openDifferences: z.int().describe('coils received with another weight than announced, waiting to be accepted'),
})
const announced = z.strictObject({
  coil: z.string(),
  castNumber: z.string(),
  physical: z.string(),
  announcedWeightKg: kg.nullable(),
  receivedWeightKg: kg.nullable(),
  openDifferenceKg: kg.nullable(),
  receivedAt: z.iso.datetime().nullable(),
})
const withCoils = z.strictObject({ ...packingList.shape, announced: z.array(announced) })

const search = z.strictObject({
  supplier: many(partnerCode),
  ...paging,
  ...after,
})

/** Expected coils are few, and have an index of their own. */
const LISTS = `SELECT l.*, coalesce(e."coils", 0)::int AS "expectedCoils", coalesce(e."kg", 0)::int AS "expectedKg",
    coalesce(d."coils", 0)::int AS "openDifferences"
  FROM packing_lists l
  LEFT JOIN LATERAL (SELECT count(*) AS "coils", sum("netWeightKg") AS "kg" FROM coils c
    WHERE c."packingList" = l."packingList" AND c."physical" = 'expected') e ON true
  LEFT JOIN LATERAL (SELECT count(*) AS "coils" FROM coils c
    WHERE c."packingList" = l."packingList" AND c."openDifferenceKg" IS NOT NULL) d ON true`

@ApiTags('arrivals')
@Controller('packing-lists')
export class PackingListController {
  constructor(@InjectReader('inventory') private readonly reader: Reader) {}

  @Get()
  @Reads('read-packing-lists', 'Packing lists, the latest first, and how much of each is still to come', {
    answer: pageOf(packingList),
  })
  async list(@Query({ schema: search }) query: z.output<typeof search>) {
    const values = new Values()
    const conditions: string[] = []
    if (query.supplier) conditions.push(`l."supplier" = ANY(${values.of(query.supplier)})`)
    if (query.cursor) {
      const [at, list] = partsOf(query.cursor, 'packing-lists', z.tuple([z.iso.datetime(), z.string()]))
      conditions.push(`(l."acceptedAt", l."packingList") < (${values.of(at)}, ${values.of(list)})`)
    }
    const rows = await this.reader.query<PackingListRow[]>(
      `${LISTS} ${where(conditions)} ORDER BY l."acceptedAt" DESC, l."packingList" DESC LIMIT ${query.limit + 1}`,
      values.all,
    )
    return page(
      rows,
      query.limit,
      (list) => list,
      (last) => cursorFor('packing-lists', [last.acceptedAt.toISOString(), last.packingList]),
    )
  }

  @Get(':packingList')
  @Reads('read-packing-lists', 'A packing list and what became of each of its coils', { answer: withCoils, one: true })
  async get(
    @Param('packingList', { schema: words(80) }) id: string,
    @Query({ schema: z.strictObject(after) }) _query: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const [list] = await this.reader.query<PackingListRow[]>(`${LISTS} WHERE l."packingList" = $1`, [id])
    if (!list) throw unknown('packing list', id)
    const announced = await this.reader.query(
      `SELECT "coil", "castNumbers"[1] AS "castNumber", "physical", "announcedWeightKg", "openDifferenceKg",
         CASE WHEN "origin" = 'received' THEN "initialWeightKg" END AS "receivedWeightKg",
         CASE WHEN "origin" = 'received' THEN "enteredAt" END AS "receivedAt"
       FROM coils WHERE "packingList" = $1 ORDER BY "coil"`,
      [id],
    )
    return tell(reply, { ...list, announced })
  }
}
