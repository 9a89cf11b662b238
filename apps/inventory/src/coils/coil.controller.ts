import { Controller, Get, Param, Query, Res } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { coilStream } from '#domain/streams'
import { coilNumber } from '#domain/words'
import { after } from '#platform/consistency'
import { FamilyTree, familyTree } from '../genealogy/family-tree.js'
import { cursorFor, page, pageOf, paging, partsOf } from '../http/cursor.js'
import { tell } from '../http/etag.js'
import { Reads } from '../http/reads.js'
import { Timeline, timelineEntry } from '../timeline/timeline.js'
import { Passports } from './passport.js'
import { passport } from './passport.schema.js'

const DEEPEST = 100

const timelineQuery = z.strictObject({ ...paging, ...after })
const genealogyQuery = z.strictObject({
  direction: z.enum(['ancestors', 'descendants', 'both']).default('both'),
  depth: z.coerce.number().int().min(1).max(DEEPEST).optional().describe('steps; all the way if left out'),
  ...after,
})

@ApiTags('coils')
@Controller('coils/:coil')
export class CoilController {
  constructor(
    private readonly passports: Passports,
    private readonly timeline: Timeline,
    private readonly family: FamilyTree,
  ) {}

  @Get()
  @Reads('read-coil', 'The passport of a coil: all that is known of it', {
    description: 'Its ETag is what `If-Match` of a command about the coil takes.',
    answer: passport,
    one: true,
  })
  async get(
    @Param('coil', { schema: coilNumber }) number: string,
    @Query({ schema: z.strictObject(after) }) _query: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return tell(reply, await this.passports.of(number))
  }

  @Get('timeline')
  @Reads('read-coil', 'Everything that happened to a coil, in words, in the order it was recorded', {
    answer: pageOf(timelineEntry),
    one: true,
  })
  async history(
    @Param('coil', { schema: coilNumber }) number: string,
    @Query({ schema: timelineQuery }) { limit, cursor }: z.output<typeof timelineQuery>,
  ) {
    const { revision } = await this.passports.row(number)
    const [from = -1] = cursor === undefined ? [] : partsOf(cursor, 'timeline', z.tuple([z.int()]))
    const entries = await this.timeline.of(coilStream(number), revision)
    const rest = entries.filter((entry) => entry.revision > from)
    return page(
      rest,
      limit,
      (entry) => entry,
      (last) => cursorFor('timeline', [last.revision]),
    )
  }

  @Get('genealogy')
  @Reads('read-coil', 'Where the metal of a coil came from and went, with the kilograms at each edge', {
    description: 'Ancestors end in melts. Through a remelt they go on into the coils that were melted.',
    answer: familyTree,
    one: true,
  })
  async genealogy(
    @Param('coil', { schema: coilNumber }) number: string,
    @Query({ schema: genealogyQuery }) { direction, depth }: z.output<typeof genealogyQuery>,
  ) {
    await this.passports.row(number)
    const directions = direction === 'both' ? (['ancestors', 'descendants'] as const) : [direction]
    return this.family.of(coilStream(number), directions, { depth })
  }
}
