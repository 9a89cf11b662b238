import { CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { approvals } from '#domain/approval/state'
import { remarks } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, type Outcome, PlantCommand } from '../pipeline/plant-command.js'
import { commandAskedFor, requireMayAnswer } from './approvable.js'

export const approveBody = commandBody({ remark: remarks.optional() }, { remark: 'looked at it myself' })

export class Approve extends PlantCommand<z.output<typeof approveBody> & { approval: string }> {}

/** What was asked for is done by its own handler, on the plant as it is now, and the approval is recorded with it. */
@CommandHandler(Approve)
export class ApproveHandler implements ICommandHandler<Approve> {
  constructor(
    private readonly pipeline: CommandPipeline,
    private readonly commands: CommandBus,
  ) {}

  async execute(by: Approve): Promise<Outcome> {
    const approval = await this.pipeline.get(approvals, by.payload.approval)
    requireMayAnswer(by.request.actor, approval)
    return this.commands.execute(commandAskedFor(approval, { ...by.request, approving: { approval, by } }))
  }
}
