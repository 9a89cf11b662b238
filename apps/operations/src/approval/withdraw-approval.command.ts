import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { withdrawApproval } from '#domain/approval/decide/answer-approval'
import { approvals } from '#domain/approval/state'
import { reason } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

export const withdrawApprovalBody = commandBody({ reason }, { reason: 'asked for the wrong coil' })

export class WithdrawApproval extends PlantCommand<z.output<typeof withdrawApprovalBody> & { approval: string }> {}

@CommandHandler(WithdrawApproval)
export class WithdrawApprovalHandler implements ICommandHandler<WithdrawApproval> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: WithdrawApproval) {
    const { payload, request } = command
    return this.pipeline.run(command, approvals, payload.approval, async (history, { now }) =>
      withdrawApproval(await history.get(approvals, payload.approval), request.actor, payload.reason, now),
    )
  }
}
