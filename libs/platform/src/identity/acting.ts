/** Who the work at hand is done for, wherever in it that is asked: what may be read depends on it. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import { Observable } from 'rxjs'
import { whoAsks } from './allow.js'
import type { Actor } from './roles.js'

const acting = new AsyncLocalStorage<Actor>()

/** @throws Error outside of a request that somebody made: nothing is read for nobody. */
export function currentActor(): Actor {
  const actor = acting.getStore()
  if (!actor) throw new Error('nobody is known for whom this is done')
  return actor
}

export const actAs = <Answer>(actor: Actor, work: () => Answer): Answer => acting.run(actor, work)

/** Every handler of a route runs for the actor whom the guard let in. */
@Injectable()
export class ActingInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const actor = whoAsks(context.switchToHttp().getRequest<FastifyRequest>())?.actor
    if (!actor) return next.handle()
    return new Observable((subscriber) => actAs(actor, () => next.handle().subscribe(subscriber)))
  }
}
