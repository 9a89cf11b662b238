import { Controller, Get, Query, UseInterceptors } from '@nestjs/common'
import { ApiOperation, ApiTags } from '@nestjs/swagger'
import { WaitForAfter } from '#platform/consistency'
import { Answers } from '#platform/http/answers'
import { Allow } from '#platform/identity/allow'
import { runnerOf } from '#projection/projection.module'
import { workInProcessAnswer } from '../throughput-answer.js'
import { type WorkInProcessQuery, workInProcessQuery } from '../throughput-query.js'
import { WorkInProcessService } from './work-in-process.service.js'

@ApiTags('throughput')
@Controller('throughput/work-in-process')
@UseInterceptors(WaitForAfter(runnerOf('throughput')))
export class WorkInProcessController {
  constructor(private readonly service: WorkInProcessService) {}

  @Get()
  @Allow('read-throughput')
  @Answers('Lines with coils on them, and the totals.', workInProcessAnswer)
  @ApiOperation({ summary: 'What is on the lines now' })
  workInProcess(@Query({ schema: workInProcessQuery }) query: WorkInProcessQuery) {
    return this.service.workInProcess(query)
  }
}
