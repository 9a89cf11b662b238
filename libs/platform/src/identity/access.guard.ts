import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import type { FastifyRequest } from 'fastify'
import { CONFIG, type Config } from '../config.js'
import { RateLimits } from '../http/rate-limits.js'
import { Problem } from '../problems/problem.js'
import { ALLOWED, type Allowed, rememberWhoAsks } from './allow.js'
import { Authenticator } from './authenticator.js'
import { isInScope, type Permission, rolesWith } from './permissions.js'
import type { Actor } from './roles.js'
import { isSafe, requireSameOrigin } from './same-origin.js'

/** Lets a request through if whoever sends it has the permission that the route names, and says who has if not. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly limits: RateLimits,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // Undefined cannot be at run time, since start-up refuses it; if it were, nobody may call.
    const allowed = this.reflector.getAllAndOverride<Allowed | undefined>(ALLOWED, [
      context.getHandler(),
      context.getClass(),
    ])
    const request = context.switchToHttp().getRequest<FastifyRequest>()
    if (allowed === 'anyone') {
      if (!isSafe(request)) await this.limits.requireNoGuessing(request)
      requireSameOrigin(request, this.config.PUBLIC_URL)
      return true
    }
    const actor = await this.authenticator.actor(request)
    rememberWhoAsks(request, { actor, permission: allowed })
    await this.limits.requireModestActor(request)
    if (actor.kind === 'person') requireSameOrigin(request, this.config.PUBLIC_URL)
    requirePermission(actor, allowed)
    return true
  }
}

function requirePermission({ role, scope, name }: Actor, allowed: Permission | undefined): void {
  const may = allowed === undefined ? [] : rolesWith(allowed)
  if (!may.includes(role)) {
    throw new Problem(403, 'not-allowed', `This may be done by ${may.join(', ')}; you are here as ${role}.`, {
      values: { permission: allowed, role, allowed: may },
    })
  }
  if (scope && !isInScope(scope, allowed!)) {
    const made = scope.permissions?.join(', ') ?? 'certain lines or locations'
    throw new Problem(403, 'not-in-scope', `The key ${name} is not made for this (${allowed}), but for ${made}.`, {
      values: { permission: allowed, scope },
    })
  }
}
