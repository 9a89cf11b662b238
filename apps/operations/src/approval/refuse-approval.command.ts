import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { refuseApproval } from '#domain/approval/decide/answer-approval'
import { approvals } from '#domain/approval/state'
import { reason } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'
import { requireMayAnswer } from './approvable.js'

export const refuseApprovalBody = commandBody({ reason }, { reason: 'the defect is still there' })

export class RefuseApproval extends PlantCommand<z.output<typeof refuseApprovalBody> & { approval: string }> {}

@CommandHandler(RefuseApproval)
export class RefuseApprovalHandler implements ICommandHandler<RefuseApproval> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: RefuseApproval) {
    const { payload, request } = command
    return this.pipeline.run(command, approvals, payload.approval, async (history, { now }) => {
      const approval = await history.get(approvals, payload.approval)
      requireMayAnswer(request.actor, approval)
      return refuseApproval(approval, request.actor, payload.reason, now)
    })
  }
}
