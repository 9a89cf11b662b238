import { Body, Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common'
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { addressOf } from '#platform/http/address'
import { Answers } from '#platform/http/answers'
import { AccessLog } from '#platform/identity/access-log'
import { Allow, AllowAnyone, CurrentActor } from '#platform/identity/allow'
import { Authenticator } from '#platform/identity/authenticator'
import { PasswordChoice } from '#platform/identity/passwords-choice'
import type { Actor } from '#platform/identity/roles'
import { SessionCookie } from '#platform/identity/session-cookie'
import { Sessions } from '#platform/identity/sessions'
import { type Arrived, SignIn } from '#platform/identity/sign-in'
import { requirePerson } from './person.js'
import { acceptance, described, passwordChange, signIn, type WhoIAm, whoIAm } from './session.schema.js'

const IN = 'Who is in now. The session is in the cookie, which no script can read.'
const WAIT = { status: 429, description: 'Wrong too often: wait for as many seconds as `Retry-After` says.' }

/** The way in and out for people. */
@ApiTags('access')
@Controller('session')
export class SessionController {
  constructor(
    private readonly entrance: SignIn,
    private readonly choice: PasswordChoice,
    private readonly sessions: Sessions,
    private readonly cookie: SessionCookie,
    private readonly authenticator: Authenticator,
    private readonly log: AccessLog,
  ) {}

  @Get()
  @Allow('manage-own-access')
  @ApiOperation({ summary: 'Who I am, and what I may do', description: 'For people and for keys.' })
  @Answers('Whoever asks.', whoIAm)
  whoIAm(@CurrentActor() actor: Actor): WhoIAm {
    return described(actor)
  }

  @Post()
  @AllowAnyone()
  @ApiOperation({
    summary: 'Sign in by name and password',
    description:
      'After three wrong passwords each further try has to wait: 1 s, then twice as long each time, to 15 min.',
  })
  @Answers(IN, whoIAm, 201)
  @ApiResponse({ status: 401, description: 'Name or password is wrong, or the account is closed.' })
  @ApiResponse(WAIT)
  async signIn(
    @Body({ schema: signIn }) { name, password }: z.output<typeof signIn>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WhoIAm> {
    return this.#letIn(await this.entrance.enter(name, password, visitOf(request), this.cookie.of(request)), reply)
  }

  @Delete()
  @HttpCode(204)
  @Allow('manage-own-access')
  @ApiOperation({ summary: 'Sign out' })
  @ApiResponse({ status: 204, description: 'Signed out: the session is over, and the cookie taken back.' })
  @ApiResponse({ status: 422, description: 'A key does not sign in or out.' })
  async signOut(@CurrentActor() actor: Actor, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const { id: account, session } = requirePerson(actor)
    await this.log.within((client) => this.sessions.end(client, { account, session }, actor))
    this.authenticator.forgetAll()
    this.cookie.takeBack(reply)
  }

  @Post('invitation')
  @AllowAnyone()
  @ApiOperation({
    summary: 'Choose a password by an invitation, and sign in',
    description: 'An invitation is good once. Sessions that the account had are ended.',
  })
  @Answers(IN, whoIAm, 201)
  @ApiResponse({
    status: 422,
    description: 'The invitation is over, or the password is not good: every fault is told.',
  })
  async accept(
    @Body({ schema: acceptance }) { invitation, password }: z.output<typeof acceptance>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WhoIAm> {
    return this.#letIn(await this.choice.byInvitation(invitation, password, visitOf(request)), reply)
  }

  @Post('password')
  @HttpCode(204)
  @Allow('manage-own-access')
  @ApiOperation({ summary: 'Change my password', description: 'All other sessions of mine are ended.' })
  @ApiResponse({ status: 204, description: 'Changed.' })
  @ApiResponse({ status: 422, description: 'The old password is wrong, or the new one not good: every fault is told.' })
  @ApiResponse(WAIT)
  async changePassword(
    @Body({ schema: passwordChange }) { password, newPassword }: z.output<typeof passwordChange>,
    @CurrentActor() actor: Actor,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.choice.change(password, newPassword, addressOf(request), requirePerson(actor))
    this.authenticator.forgetAll()
  }

  #letIn({ account, session, secret }: Arrived, reply: FastifyReply): WhoIAm {
    this.authenticator.forgetAll()
    this.cookie.give(reply, secret)
    return described({ kind: 'person', session, ...account })
  }
}

const visitOf = (request: FastifyRequest) => ({
  address: addressOf(request),
  agent: request.headers['user-agent'] ?? '',
})
