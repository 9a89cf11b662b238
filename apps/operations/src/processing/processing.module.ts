import { Module } from '@nestjs/common'
import { CqrsModule } from '@nestjs/cqrs'
import { PipelineModule } from '../pipeline/pipeline.module.js'
import { AbortProcessOrderHandler } from './abort-process-order.command.js'
import { CompleteProcessOrderHandler } from './complete-process-order.command.js'
import { PlanProcessOrderHandler } from './plan-process-order.command.js'
import { ProcessOrderController } from './process-order.controller.js'
import { StartProcessOrderHandler } from './start-process-order.command.js'

@Module({
  imports: [CqrsModule, PipelineModule],
  controllers: [ProcessOrderController],
  providers: [PlanProcessOrderHandler, StartProcessOrderHandler, CompleteProcessOrderHandler, AbortProcessOrderHandler],
})
export class ProcessingModule {}
