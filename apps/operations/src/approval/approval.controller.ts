import { Body, Controller, Param, Post } from '@nestjs/common'
import { CommandBus } from '@nestjs/cqrs'
import { ApiTags } from '@nestjs/swagger'
import type { z } from 'zod'
import { approvalId } from '#domain/approval/events'
import { Records, RequestOfCommand } from '../pipeline/command-request.js'
import type { CommandRequest, Outcome } from '../pipeline/plant-command.js'
import { Approve, approveBody } from './approve.command.js'
import { RefuseApproval, refuseApprovalBody } from './refuse-approval.command.js'
import { WithdrawApproval, withdrawApprovalBody } from './withdraw-approval.command.js'

/** What one person asked for and a second one answers. */
@ApiTags('approvals')
@Controller('approvals/:approval')
export class ApprovalController {
  constructor(private readonly commands: CommandBus) {}

  @Post('approve')
  @Records(
    'answer-approval',
    'Approve what somebody else asked for, as a person who may do it themselves: it is decided anew, and done',
  )
  approve(
    @RequestOfCommand() request: CommandRequest,
    @Param('approval', { schema: approvalId }) approval: string,
    @Body({ schema: approveBody }) body: z.output<typeof approveBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new Approve(request, { ...body, approval }))
  }

  @Post('refuse')
  @Records('answer-approval', 'Refuse what somebody else asked for, as a person who may do it themselves')
  refuse(
    @RequestOfCommand() request: CommandRequest,
    @Param('approval', { schema: approvalId }) approval: string,
    @Body({ schema: refuseApprovalBody }) body: z.output<typeof refuseApprovalBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new RefuseApproval(request, { ...body, approval }))
  }

  @Post('withdraw')
  @Records('withdraw-approval', 'Withdraw what you asked for, before anybody has answered')
  withdraw(
    @RequestOfCommand() request: CommandRequest,
    @Param('approval', { schema: approvalId }) approval: string,
    @Body({ schema: withdrawApprovalBody }) body: z.output<typeof withdrawApprovalBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new WithdrawApproval(request, { ...body, approval }))
  }
}
