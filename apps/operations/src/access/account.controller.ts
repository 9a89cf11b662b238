import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put, Req } from '@nestjs/common'
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { CONFIG, type Config } from '#platform/config'
import { Answers } from '#platform/http/answers'
import { Accounts } from '#platform/identity/accounts'
import { type Invited, linkOf } from '#platform/identity/accounts-rows'
import { Allow, CurrentActor } from '#platform/identity/allow'
import { ApiKeys } from '#platform/identity/api-keys'
import { Authenticator } from '#platform/identity/authenticator'
import type { Actor } from '#platform/identity/roles'
import {
  accountId,
  changedAccount,
  closedAccount,
  invitedAccount,
  listedAccounts,
  newAccount,
  rightsOfAccount,
  why,
} from './account.schema.js'

const id = { schema: accountId }
const NONE = { status: 404, description: 'There is no such account.' }

/** People's accounts: who may come in, as what. */
@ApiTags('access')
@Controller('accounts')
export class AccountController {
  constructor(
    private readonly accounts: Accounts,
    private readonly keys: ApiKeys,
    private readonly authenticator: Authenticator,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  @Allow('read-access')
  @ApiOperation({ summary: 'Accounts: whose, with which rights, last seen when' })
  @Answers('All accounts, closed ones too, by name.', listedAccounts)
  async list() {
    return { items: (await this.accounts.list()).map(shown) }
  }

  @Post()
  @Allow('manage-accounts')
  @ApiOperation({ summary: 'Open an account, and invite whose it is' })
  @Answers('The account, and a link to choose a password by.', invitedAccount, 201)
  @ApiResponse({ status: 422, description: 'Somebody has this name, or the partner code is missing or not wanted.' })
  async open(
    @Body({ schema: newAccount }) wish: z.output<typeof newAccount>,
    @CurrentActor() actor: Actor,
    @Req() request: FastifyRequest,
  ) {
    return this.#invited(await this.accounts.open(wish, actor), request)
  }

  @Put(':account/rights')
  @Allow('manage-accounts')
  @ApiOperation({
    summary: 'Change what somebody may do',
    description: 'It counts for sessions that they have as well.',
  })
  @Answers('The account as it is now.', changedAccount)
  @ApiResponse(NONE)
  @ApiResponse({ status: 422, description: 'It is one’s own, the last administrator’s, or kept by a provider.' })
  async changeRights(
    @Param('account', id) account: string,
    @Body({ schema: rightsOfAccount }) rights: z.output<typeof rightsOfAccount>,
    @CurrentActor() actor: Actor,
  ) {
    const changed = await this.accounts.changeRights(account, rights, actor)
    this.authenticator.forgetAll()
    return shown(changed)
  }

  @Post(':account/invite')
  @Allow('manage-accounts')
  @ApiOperation({
    summary: 'Invite somebody again, who forgot their password or was too late',
    description: 'Earlier invitations end. Their old password is good until they have chosen another.',
  })
  @Answers('The account, and a link to choose a password by.', invitedAccount, 201)
  @ApiResponse(NONE)
  @ApiResponse({ status: 422, description: 'The account is closed, or one of a provider.' })
  async invite(@Param('account', id) account: string, @CurrentActor() actor: Actor, @Req() request: FastifyRequest) {
    return this.#invited(await this.accounts.invite(account, actor), request)
  }

  @Post(':account/close')
  @HttpCode(200)
  @Allow('manage-accounts')
  @ApiOperation({ summary: 'Close an account: its sessions and invitations end' })
  @Answers('The account, and the keys that its owner made.', closedAccount)
  @ApiResponse(NONE)
  @ApiResponse({ status: 422, description: 'It is one’s own, or the last administrator’s.' })
  async close(
    @Param('account', id) account: string,
    @Body({ schema: why }) { reason }: z.output<typeof why>,
    @CurrentActor() actor: Actor,
  ) {
    const closed = await this.accounts.close(account, reason, actor)
    this.authenticator.forgetAll()
    return { ...shown(closed), keys: await this.keys.madeBy(closed.id) }
  }

  @Post(':account/reopen')
  @HttpCode(200)
  @Allow('manage-accounts')
  @ApiOperation({ summary: 'Reopen a closed account, with the rights and password that it had' })
  @Answers('The account.', changedAccount)
  @ApiResponse(NONE)
  async reopen(
    @Param('account', id) account: string,
    @Body({ schema: why }) { reason }: z.output<typeof why>,
    @CurrentActor() actor: Actor,
  ) {
    return shown(await this.accounts.reopen(account, reason, actor))
  }

  #invited({ invitation, until, ...account }: Invited, request: FastifyRequest) {
    const origin = this.config.PUBLIC_URL ?? `${request.protocol}://${request.host}`
    return { ...shown(account), invitation, link: linkOf(origin, invitation), until }
  }
}

const shown = <Rest>({ id: account, ...rest }: Rest & { id: string }) => ({ account, ...rest })
