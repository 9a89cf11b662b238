/** Who may call a route. Every route says so; one that does not is refused at start-up. */
import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common'
import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger'
import type { FastifyRequest } from 'fastify'
import { Problem } from '../problems/problem.js'
import { type Actor, ROLES, type Role } from './roles.js'

export const ALLOWED = Symbol('ALLOWED')

/** Roles that may call, or `anyone`, without even a token. */
export type Allowed = readonly Role[] | 'anyone'

/** These roles may call this, and the administrator always may; without roles, everybody who has a token. */
export function Allow(...roles: readonly Role[]) {
  const allowed: readonly Role[] = roles.length ? [...new Set<Role>([...roles, 'administrator'])] : ROLES
  return applyDecorators(
    SetMetadata(ALLOWED, allowed satisfies Allowed),
    ApiBearerAuth(),
    ApiExtension('x-roles', [...allowed]),
  )
}

/** No token is needed: health and documentation only. */
export const AllowAnyone = () => SetMetadata(ALLOWED, 'anyone' satisfies Allowed)

const actors = new WeakMap<FastifyRequest, Actor>()

export function rememberActor(request: FastifyRequest, actor: Actor): void {
  actors.set(request, actor)
}

export function actorOf(request: FastifyRequest): Actor {
  const actor = actors.get(request)
  if (!actor) throw new Problem(401, 'no-access-token', 'This needs an access token.')
  return actor
}

/** The `Actor` of the request. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext) =>
  actorOf(context.switchToHttp().getRequest<FastifyRequest>()),
)

/** The id that binds the request to its log lines and, as `correlationId`, to its events. */
export const CorrelationId = createParamDecorator((_: unknown, context: ExecutionContext) =>
  String(context.switchToHttp().getRequest<FastifyRequest>().id),
)
