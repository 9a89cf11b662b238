import { Controller, Get, Param, Query, Res } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { approvalId } from '#domain/approval/events'
import { Clock } from '#platform/clock'
import { after } from '#platform/consistency'
import { type Permission, rolesWith } from '#platform/identity/permissions'
import { ROLES } from '#platform/identity/roles'
import { InjectReader, Reader } from '#platform/read-model/reader'
import { cursorFor, page, pageOf, paging, partsOf } from '../http/cursor.js'
import { tell } from '../http/etag.js'
import { unknown, Values, where } from '../http/query.js'
import { Reads } from '../http/reads.js'
import type { ApprovalRow } from './approval-rows.js'

const state = z.enum(['open', 'granted', 'refused', 'withdrawn', 'lapsed'])
const instant = z.iso.datetime()

const approval = z.strictObject({
  approval: z.string(),
  revision: z.int(),
  state: state.describe('lapsed: nobody answered in time'),
  permission: z.string(),
  mayApprove: z.array(z.enum(ROLES)).describe('roles of the people who may answer it, all but the one who asked'),
  subject: z.string().describe('the stream that it is about'),
  asks: z.string().describe('what is to be done'),
  reason: z.string(),
  command: z.record(z.string(), z.unknown()).describe('path and body of what was asked for'),
  requestedBy: z.string(),
  requestedAs: z.string().describe('role'),
  requestedByKey: z.boolean(),
  requestedAt: instant,
  happenedAt: instant.describe('when that which is to be approved happened in the plant, as told'),
  until: instant.describe('nobody can grant it from then on'),
  answeredBy: z.string().nullable().describe('who granted, refused or withdrew it'),
  answeredAt: instant.nullable(),
  answer: z.string().nullable().describe('what they remarked, or why not'),
})

const search = z.strictObject({ state: state.optional(), ...paging, ...after })

@ApiTags('approvals')
@Controller('approvals')
export class ApprovalController {
  constructor(
    @InjectReader('inventory') private readonly reader: Reader,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Reads('read-approvals', 'What takes a second person, the latest first', { answer: pageOf(approval) })
  async list(@Query({ schema: search }) query: z.output<typeof search>) {
    const values = new Values()
    const now = this.clock.now()
    const conditions: string[] = []
    if (query.state) {
      const standing = query.state === 'lapsed' ? 'open' : query.state
      conditions.push(`"standing" = ${values.of(standing)}`)
      if (query.state === 'open') conditions.push(`"until" > ${values.of(now)}`)
      if (query.state === 'lapsed') conditions.push(`"until" <= ${values.of(now)}`)
    }
    if (query.cursor) {
      const [at, id] = partsOf(query.cursor, 'approvals', z.tuple([z.iso.datetime(), z.string()]))
      conditions.push(`("requestedAt", "approval") < (${values.of(at)}, ${values.of(id)})`)
    }
    const rows = await this.reader.query<ApprovalRow[]>(
      `SELECT * FROM approvals ${where(conditions)}
       ORDER BY "requestedAt" DESC, "approval" DESC LIMIT ${query.limit + 1}`,
      values.all,
    )
    return page(
      rows,
      query.limit,
      (row) => asApproval(row, now),
      (last) => cursorFor('approvals', [last.requestedAt.toISOString(), last.approval]),
    )
  }

  @Get(':approval')
  @Reads('read-approvals', 'What somebody asked for, who may answer, and what became of it', {
    answer: approval,
    one: true,
  })
  async get(
    @Param('approval', { schema: approvalId }) id: string,
    @Query({ schema: z.strictObject(after) }) _query: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const [found] = await this.reader.query<ApprovalRow[]>(`SELECT * FROM approvals WHERE "approval" = $1`, [id])
    if (!found) throw unknown('approval', id)
    return tell(reply, asApproval(found, this.clock.now()))
  }
}

const asApproval = ({ standing, ...row }: ApprovalRow, now: Date) => ({
  ...row,
  state: standing === 'open' && row.until <= now ? ('lapsed' as const) : standing,
  mayApprove: rolesWith(row.permission as Permission),
})
