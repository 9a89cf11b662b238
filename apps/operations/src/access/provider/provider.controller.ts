import { applyDecorators, Controller, Get, Inject, Query, Req, Res, UseFilters } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { CONFIG, type Config } from '#platform/config'
import { addressOf } from '#platform/http/address'
import { Answers } from '#platform/http/answers'
import { AllowAnyone } from '#platform/identity/allow'
import { SessionCookie } from '#platform/identity/session-cookie'
import { LASTS_MS } from './begun-sign-in.js'
import { ProviderSignIn } from './provider-sign-in.js'
import { TellInBrowser } from './tell-in-browser.filter.js'
import { callbackAddress, nextPath, PROVIDER_PATH, pageThatGoesOn } from './way-back.js'

const beginQuery = z.strictObject({ next: nextPath.describe('path of Coiltrail to go on to when signed in') })
const about = z.strictObject({ provider: z.string().nullable().describe('what people call it; null without one') })

const GoesWrong = () =>
  applyDecorators(
    ApiResponse({ status: 303, description: 'To the page that says what is not right' }),
    ApiResponse({ status: 404, description: 'There is no provider.' }),
    ApiResponse({ status: 409, description: 'By which address browsers come was not told.' }),
  )

@ApiTags('access')
@Controller('session/provider')
export class ProviderController {
  private readonly cookie: { readonly name: string; readonly secure: boolean }

  constructor(
    private readonly signIn: ProviderSignIn,
    private readonly sessionCookie: SessionCookie,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    const secure = config.PUBLIC_URL?.startsWith('https:') ?? false
    this.cookie = { secure, name: secure ? '__Secure-coiltrail-sign-in' : 'coiltrail-sign-in' }
  }

  @Get('about')
  @AllowAnyone()
  @ApiOperation({ summary: 'By which identity provider people sign in here, if by one' })
  @Answers('Its name', about)
  about(): z.output<typeof about> {
    return { provider: this.signIn.name ?? null }
  }

  @Get()
  @AllowAnyone()
  @UseFilters(TellInBrowser)
  @ApiOperation({
    summary: 'Sign in by the identity provider: a browser goes here, and comes back signed in',
    description:
      'A browser (Accept: text/html) is sent to /sign-in?problem=<rule> when that fails; programs get the problem.',
  })
  @ApiResponse({ status: 302, description: 'To the provider' })
  @GoesWrong()
  @ApiResponse({ status: 404, description: 'This Coiltrail has no identity provider.' })
  async begin(
    @Query({ schema: beginQuery }) { next }: z.output<typeof beginQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { address, cookie } = await this.signIn.begin(callbackAddress(this.config.PUBLIC_URL, request), next)
    reply.setCookie(this.cookie.name, cookie, { ...this.#attributes, maxAge: LASTS_MS / 1000 })
    await reply.redirect(address.href, 302)
  }

  @Get('callback')
  @AllowAnyone()
  @UseFilters(TellInBrowser)
  @ApiOperation({
    summary: 'The way back: the provider sends browsers here, and nobody else comes',
    description:
      'A browser (Accept: text/html) is sent to /sign-in?problem=<rule> when that fails; programs get the problem.',
  })
  @ApiQuery({ name: 'code', required: false, schema: { type: 'string' } })
  @ApiQuery({ name: 'state', required: false, schema: { type: 'string' } })
  @ApiOkResponse({
    description: 'Signed in: a page that goes on to where the sign-in began',
    content: { 'text/html': { schema: { type: 'string' } } },
  })
  @GoesWrong()
  @ApiResponse({ status: 403, description: 'Nobody was signed in; the rule says why.' })
  async callback(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const returned = new URL(callbackAddress(this.config.PUBLIC_URL, request))
    const [, query = ''] = request.url.split(/\?(.*)/s)
    returned.search = query
    const begun = request.cookies[this.cookie.name]
    reply.clearCookie(this.cookie.name, this.#attributes)
    const agent = request.headers['user-agent'] ?? ''
    const { secret, next } = await this.signIn.finish(returned, begun, addressOf(request), agent)
    this.sessionCookie.give(reply, secret)
    await reply.type('text/html; charset=utf-8').send(pageThatGoesOn(next))
  }

  /** Lax: it must come along when the provider sends the browser back. */
  get #attributes() {
    return { path: PROVIDER_PATH, httpOnly: true, sameSite: 'lax', secure: this.cookie.secure } as const
  }
}
