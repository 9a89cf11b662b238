import { Controller, Get, Query, UseInterceptors } from '@nestjs/common'
import { ApiOperation, ApiTags } from '@nestjs/swagger'
import { WaitForAfter } from '#platform/consistency'
import { Answers } from '#platform/http/answers'
import { Allow } from '#platform/identity/allow'
import { runnerOf } from '#projection/projection.module'
import { productionAnswer } from '../throughput-answer.js'
import { type ProductionQuery, productionQuery } from '../throughput-query.js'
import { ProductionService } from './production.service.js'

@ApiTags('throughput')
@Controller('throughput')
@UseInterceptors(WaitForAfter(runnerOf('throughput')))
export class ProductionController {
  constructor(private readonly service: ProductionService) {}

  @Get()
  @Allow('read-throughput')
  @Answers('One group for each combination of what "by" names, and the totals.', productionAnswer)
  @ApiOperation({
    summary: 'What the lines made',
    description:
      'Coils, kg in and out, scrap, loss, yield, running hours and kg per hour, grouped by what is asked for. ' +
      'Days, weeks (ISO) and months are the plant’s; a shift belongs to the day it began.',
  })
  production(@Query({ schema: productionQuery }) query: ProductionQuery) {
    return this.service.production(query)
  }
}
