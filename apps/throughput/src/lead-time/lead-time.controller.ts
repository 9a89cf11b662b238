import { Controller, Get, Query, UseInterceptors } from '@nestjs/common'
import { ApiOperation, ApiTags } from '@nestjs/swagger'
import { WaitForAfter } from '#platform/consistency'
import { Allow } from '#platform/identity/allow'
import { runnerOf } from '#projection/projection.module'
import { type LeadTimeQuery, leadTimeQuery } from '../throughput-query.js'
import { LeadTimeService } from './lead-time.service.js'

@ApiTags('throughput')
@Controller('throughput/lead-times')
@UseInterceptors(WaitForAfter(runnerOf('throughput')))
export class LeadTimeController {
  constructor(private readonly service: LeadTimeService) {}

  @Get()
  @Allow()
  @ApiOperation({ summary: 'How long metal is here, from receipt or casting to sale' })
  leadTimes(@Query({ schema: leadTimeQuery }) query: LeadTimeQuery) {
    return this.service.leadTimes(query)
  }
}
