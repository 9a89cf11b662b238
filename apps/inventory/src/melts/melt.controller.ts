import { Controller, Get, Param, Query, Res } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { meltStream } from '#domain/streams'
import { castNumber } from '#domain/words'
import { after } from '#platform/consistency'
import { InjectReader, Reader } from '#platform/read-model/reader'
import { tell } from '../http/etag.js'
import { unknown } from '../http/query.js'
import { Reads } from '../http/reads.js'
import { limits, Melts, melt } from './melts.js'

const part = z.strictObject({ coil: z.string(), kg: z.int(), step: z.string() })
const meltWithCoils = z.strictObject({
  ...melt.shape,
  limits: limits.nullable().describe('of the alloy, as they are now'),
  coils: z.array(part).describe('made from it'),
  from: z.array(part).describe('remelted for it'),
})

@ApiTags('casting')
@Controller('melts')
export class MeltController {
  constructor(
    private readonly melts: Melts,
    @InjectReader('inventory') private readonly reader: Reader,
  ) {}

  @Get(':castNumber')
  @Reads('read-melt', 'A melt: its analyses, what it was made from, and the coils made from it', {
    answer: meltWithCoils,
    one: true,
  })
  async get(
    @Param('castNumber', { schema: castNumber }) number: string,
    @Query({ schema: z.strictObject(after) }) _query: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const [found] = await this.melts.byNumber([number])
    if (!found) throw unknown('melt', number)
    const [coils, from, limits] = await Promise.all([
      this.parts('target', 'source', number),
      this.parts('source', 'target', number),
      this.melts.limitsOf(found.alloy),
    ])
    return tell(reply, { ...found, limits, coils, from })
  }

  private parts(of: 'source' | 'target', known: 'source' | 'target', number: string) {
    return this.reader.query(
      `SELECT substr("${of}", 6) AS "coil", "kg", "step" FROM edges
       WHERE "${known}" = $1 AND "${of}" LIKE 'coil-%' ORDER BY 1`,
      [meltStream(number)],
    )
  }
}
