import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import type { FastifyRequest } from 'fastify'
import { Problem } from '../problems/problem.js'
import { ALLOWED, type Allowed, rememberActor } from './allow.js'
import { Authenticator } from './authenticator.js'
import { SOURCES, type Source } from './roles.js'

/** Lets a request through if its token's role may call the route, and says who may if not. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const allowed = this.reflector.getAllAndOverride<Allowed | undefined>(ALLOWED, [
      context.getHandler(),
      context.getClass(),
    ])
    if (allowed === 'anyone') return true
    const request = context.switchToHttp().getRequest<FastifyRequest>()
    const token = await this.#tokenOf(request)
    // Undefined cannot be at run time, since start-up refuses it; if it were, nobody may call.
    if (!allowed?.includes(token.role)) {
      const may = allowed ?? []
      throw new Problem(
        403,
        'not-allowed',
        `This may be done by ${may.join(', ')}; your token is that of ${token.role}.`,
        {
          values: { role: token.role, allowed: may },
        },
      )
    }
    rememberActor(request, { tokenId: token.id, name: token.name, role: token.role, source: sourceOf(request) })
    return true
  }

  async #tokenOf(request: FastifyRequest) {
    const header = request.headers.authorization
    if (!header) {
      throw unauthorised('no-access-token', 'This needs an access token: send it as "Authorization: Bearer <token>".')
    }
    const token = /^Bearer +(\S+) *$/i.exec(header)?.[1]
    const found = token ? await this.authenticator.whose(token) : undefined
    if (!found) throw unauthorised('unknown-access-token', 'This access token is not known, or it was revoked.')
    return found
  }
}

function unauthorised(rule: string, detail: string): Problem {
  return new Problem(401, rule, detail, { headers: { 'WWW-Authenticate': 'Bearer' } })
}

function sourceOf(request: FastifyRequest): Source {
  const given = request.headers['x-source']
  if (given === undefined) return 'api'
  const source = SOURCES.find((known) => known === given)
  if (source) return source
  throw new Problem(400, 'invalid-request', `X-Source is one of ${SOURCES.join(', ')}.`, {
    errors: [{ in: 'header', pointer: '/x-source', rule: 'invalid-value', message: `one of ${SOURCES.join(', ')}` }],
  })
}
