import { Controller, Get, Param, Query, Res } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { lineCode, locationCode, partnerCode } from '#domain/words'
import { after } from '#platform/consistency'
import { paging } from '../http/cursor.js'
import { tell } from '../http/etag.js'
import { unknown } from '../http/query.js'
import { Reads } from '../http/reads.js'
import { stockSort } from '../stock/search-query.js'
import { stockPage } from '../stock/stock.schema.js'
import { StockSearcher } from '../stock/stock-search.js'
import { alloyView, lineView, locationView, partnerView, plantView, Reference, temperView } from './reference.js'

const whole = z.strictObject(after)
const items = <View extends z.ZodType>(view: View) => z.strictObject({ items: z.array(view) })
const contentQuery = z.strictObject({ sort: stockSort, ...paging, ...after })
const locationWithContent = z.strictObject({ ...locationView.shape, content: stockPage.omit({ facets: true }) })

type Revised = { readonly revision: number }

@ApiTags('plant')
@Controller()
export class PlantController {
  constructor(
    private readonly reference: Reference,
    private readonly stock: StockSearcher,
  ) {}

  @Get('plant')
  @Reads('read-plant', 'The plant itself', { answer: plantView, one: true })
  async plant(@Query({ schema: whole }) _query: unknown, @Res({ passthrough: true }) reply: FastifyReply) {
    const found = await this.reference.one<Revised>('plant', 'main')
    if (!found) throw unknown('plant', 'main')
    return tell(reply, found)
  }

  @Get('partners')
  @Reads('read-partners', 'Partners: owners, suppliers, customers, processors, carriers', {
    answer: items(partnerView),
  })
  async partners(@Query({ schema: whole }) _query: unknown) {
    return { items: await this.reference.all('partner') }
  }

  @Get('partners/:partner')
  @Reads('read-partners', 'A partner', { answer: partnerView, one: true })
  async partner(
    @Param('partner', { schema: partnerCode }) code: string,
    @Query({ schema: whole }) _query: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const found = await this.reference.one<Revised>('partner', code)
    if (!found) throw unknown('partner', code)
    return tell(reply, found)
  }

  @Get('lines')
  @Reads('read-lines', 'Lines: what they can do, their tolerance and shifts, and what they are doing', {
    answer: items(lineView),
  })
  async lines(@Query({ schema: whole }) _query: unknown) {
    return { items: await this.reference.all('line') }
  }

  @Get('lines/:line')
  @Reads('read-lines', 'A line', { answer: lineView, one: true })
  async line(
    @Param('line', { schema: lineCode }) code: string,
    @Query({ schema: whole }) _query: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const found = await this.reference.one<Revised>('line', code)
    if (!found) throw unknown('line', code)
    return tell(reply, found)
  }

  @Get('alloys')
  @Reads('read-alloys', 'Alloys and the limits of their chemistry', { answer: items(alloyView) })
  async alloys(@Query({ schema: whole }) _query: unknown) {
    return { items: await this.reference.all('alloy') }
  }

  @Get('tempers')
  @Reads('read-alloys', 'Tempers', { answer: items(temperView) })
  async tempers(@Query({ schema: whole }) _query: unknown) {
    return { items: await this.reference.all('temper') }
  }

  @Get('locations')
  @Reads('read-locations', 'Locations, how much fits, and how much lies there', { answer: items(locationView) })
  async locations(@Query({ schema: whole }) _query: unknown) {
    return { items: await this.reference.locations() }
  }

  @Get('locations/:location')
  @Reads('read-locations', 'A location and the coils that lie there', { answer: locationWithContent, one: true })
  async location(
    @Param('location', { schema: locationCode }) code: string,
    @Query({ schema: contentQuery }) query: z.output<typeof contentQuery>,
  ) {
    const found = await this.reference.location(code)
    if (!found) throw unknown('location', code)
    return { ...found, content: await this.stock.search({ ...query, location: [code], facets: false }) }
  }
}
