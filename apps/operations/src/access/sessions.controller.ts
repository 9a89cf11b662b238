import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common'
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger'
import { Answers } from '#platform/http/answers'
import { AccessLog } from '#platform/identity/access-log'
import { Accounts } from '#platform/identity/accounts'
import { Allow, CurrentActor } from '#platform/identity/allow'
import { Authenticator } from '#platform/identity/authenticator'
import type { Actor } from '#platform/identity/roles'
import { type ListedSession, Sessions } from '#platform/identity/sessions'
import { Problem } from '#platform/problems/problem'
import { accountId } from './account.schema.js'
import { requirePerson } from './person.js'
import { ownSessions, sessionId, sessionsOfAccount } from './session.schema.js'

const oneSession = { schema: sessionId }
const oneAccount = { schema: accountId }

/** Where people are signed in: one's own, and those of others. */
@ApiTags('access')
@Controller()
export class SessionsController {
  constructor(
    private readonly sessions: Sessions,
    private readonly accounts: Accounts,
    private readonly authenticator: Authenticator,
    private readonly log: AccessLog,
  ) {}

  @Get('sessions')
  @Allow('manage-own-access')
  @ApiOperation({ summary: 'Where I am signed in', description: 'A key is signed in nowhere.' })
  @Answers('My sessions, the latest first.', ownSessions)
  async own(@CurrentActor() actor: Actor) {
    const listed = actor.kind === 'person' ? await this.sessions.list(actor.id) : []
    return { items: listed.map((one) => ({ ...shown(one), current: one.session === actor.session })) }
  }

  @Delete('sessions/:session')
  @HttpCode(204)
  @Allow('manage-own-access')
  @ApiOperation({ summary: 'End a session of mine' })
  @ApiResponse({ status: 204, description: 'Ended.' })
  @ApiResponse({ status: 404, description: 'I have no such session.' })
  @ApiResponse({ status: 422, description: 'A key is signed in nowhere.' })
  async endOwn(@Param('session', oneSession) session: string, @CurrentActor() actor: Actor): Promise<void> {
    const { id: account } = requirePerson(actor)
    const ended = await this.log.within((client) => this.sessions.end(client, { account, session }, actor))
    this.authenticator.forgetAll()
    if (ended > 0) return
    throw new Problem(404, 'unknown-session', `You have no session ${session}.`, { values: { session } })
  }

  @Get('accounts/:account/sessions')
  @Allow('manage-accounts')
  @ApiOperation({ summary: 'Where somebody is signed in' })
  @Answers('Their sessions, the latest first.', sessionsOfAccount)
  async ofAccount(@Param('account', oneAccount) account: string) {
    return { items: (await this.sessions.list(account)).map(shown) }
  }

  @Delete('accounts/:account/sessions')
  @HttpCode(204)
  @Allow('manage-accounts')
  @ApiOperation({ summary: 'End all sessions of somebody' })
  @ApiResponse({ status: 204, description: 'Ended, if there were any.' })
  @ApiResponse({ status: 404, description: 'There is no such account.' })
  async endOfAccount(@Param('account', oneAccount) account: string, @CurrentActor() actor: Actor): Promise<void> {
    await this.accounts.endSessions(account, actor)
    this.authenticator.forgetAll()
  }
}

const shown = ({ account: _, name: __, ...session }: ListedSession) => session
