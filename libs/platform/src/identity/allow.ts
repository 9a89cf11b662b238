/** Who may call a route. Every route names its permission; one that does not is refused at start-up. */
import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common'
import { ApiBearerAuth, ApiCookieAuth, ApiExtension } from '@nestjs/swagger'
import type { FastifyRequest } from 'fastify'
import { Problem } from '../problems/problem.js'
import { type Permission, rolesWith } from './permissions.js'
import type { Actor } from './roles.js'

export const ALLOWED = Symbol('ALLOWED')

/** The permission that a caller needs, or `anyone`, who need not even say who they are. */
export type Allowed = Permission | 'anyone'

/** Whoever has this permission may call this: see `permissions.ts`. */
export function Allow(permission: Permission) {
  return applyDecorators(
    SetMetadata(ALLOWED, permission satisfies Allowed),
    ApiBearerAuth(),
    ApiCookieAuth(),
    ApiExtension('x-permission', permission),
    ApiExtension('x-roles', [...rolesWith(permission)]),
  )
}

/** Nobody need say who they are: health, documentation, and the way in. */
export const AllowAnyone = () => SetMetadata(ALLOWED, 'anyone' satisfies Allowed)

interface Asking {
  readonly actor: Actor
  /** The one that is asked for; undefined of a route that names none, which nobody may call. */
  readonly permission: Permission | undefined
}
const asking = new WeakMap<FastifyRequest, Asking>()

export function rememberWhoAsks(request: FastifyRequest, who: Asking): void {
  asking.set(request, who)
}

/** Undefined on routes that anyone may call, and where nobody said who they are. */
export const whoAsks = (request: FastifyRequest): Asking | undefined => asking.get(request)

export function actorOf(request: FastifyRequest): Actor {
  const actor = asking.get(request)?.actor
  if (!actor) throw new Problem(401, 'not-signed-in', 'Sign in first, or send a key.')
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
