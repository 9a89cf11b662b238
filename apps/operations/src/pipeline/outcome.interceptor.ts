import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common'
import type { FastifyReply } from 'fastify'
import { map, type Observable } from 'rxjs'
import type { Outcome } from './plant-command.js'

/** Puts the new revision and the consistency token into the headers of a command's answer. */
@Injectable()
export class OutcomeInterceptor implements NestInterceptor<Outcome> {
  intercept(context: ExecutionContext, next: CallHandler<Outcome>): Observable<Outcome> {
    const reply = context.switchToHttp().getResponse<FastifyReply>()
    return next.handle().pipe(
      map((outcome) => {
        if (outcome.revision !== null) reply.header('ETag', `"${outcome.revision}"`)
        reply.header('Consistency-Token', outcome.token)
        if (outcome.replayed) reply.header('Idempotency-Replayed', 'true')
        return outcome
      }),
    )
  }
}
