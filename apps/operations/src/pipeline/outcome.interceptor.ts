import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common'
import type { FastifyReply } from 'fastify'
import { map, type Observable } from 'rxjs'
import { approvalAskedIn } from './outcome.js'
import type { Outcome } from './plant-command.js'

/**
 * Puts the new revision and the consistency token into the headers of a command's answer, and where a second person
 * must agree first, the address of what they are asked.
 */
@Injectable()
export class OutcomeInterceptor implements NestInterceptor<Outcome> {
  intercept(context: ExecutionContext, next: CallHandler<Outcome>): Observable<Outcome> {
    const reply = context.switchToHttp().getResponse<FastifyReply>()
    return next.handle().pipe(
      map((outcome) => {
        if (outcome.revision !== null) reply.header('ETag', `"${outcome.revision}"`)
        reply.header('Consistency-Token', outcome.token)
        if (outcome.replayed) reply.header('Idempotency-Replayed', 'true')
        const asked = approvalAskedIn(outcome)
        if (asked) reply.status(202).header('Location', `/api/approvals/${asked}`)
        return outcome
      }),
    )
  }
}
