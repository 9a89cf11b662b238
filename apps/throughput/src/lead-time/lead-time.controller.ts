import { Controller, Get, Query, UseInterceptors } from '@nestjs/common'
import { ApiOperation, ApiTags } from '@nestjs/swagger'
import { WaitForAfter } from '#platform/consistency'
import { Answers } from '#platform/http/answers'
import { Allow } from '#platform/identity/allow'
import { runnerOf } from '#projection/projection.module'
import { leadTimeAnswer } from '../throughput-answer.js'
import { type LeadTimeQuery, leadTimeQuery } from '../throughput-query.js'
import { LeadTimeService } from './lead-time.service.js'

@ApiTags('throughput')
@Controller('throughput/lead-times')
@UseInterceptors(WaitForAfter(runnerOf('throughput')))
export class LeadTimeController {
  constructor(private readonly service: LeadTimeService) {}

  @Get()
  @Allow('read-throughput')
  @Answers('One group for each combination of what "by" names, and the totals.', leadTimeAnswer)
  @ApiOperation({ summary: 'How long metal is here, from receipt or casting to sale' })
  leadTimes(@Query({ schema: leadTimeQuery }) query: LeadTimeQuery) {
    return this.service.leadTimes(query)
  }
}
