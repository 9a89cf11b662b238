import { Module } from '@nestjs/common'
import { CqrsModule } from '@nestjs/cqrs'
import { PipelineModule } from '../pipeline/pipeline.module.js'
import { ApprovalController } from './approval.controller.js'
import { ApproveHandler } from './approve.command.js'
import { RefuseApprovalHandler } from './refuse-approval.command.js'
import { WithdrawApprovalHandler } from './withdraw-approval.command.js'

@Module({
  imports: [CqrsModule, PipelineModule],
  controllers: [ApprovalController],
  providers: [ApproveHandler, RefuseApprovalHandler, WithdrawApprovalHandler],
})
export class ApprovalModule {}
