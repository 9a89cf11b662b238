import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { answerProblem } from '#platform/problems/problem.filter'
import { toProblem } from '#platform/problems/translate'

/** A person is led to the page that says what the rule means; programs get the problem, as everywhere. */
@Catch()
export class TellInBrowser implements ExceptionFilter {
  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const request = host.switchToHttp().getRequest<FastifyRequest>()
    const reply = host.switchToHttp().getResponse<FastifyReply>()
    const problem = toProblem(error)
    if (!problem || !request.headers.accept?.includes('text/html')) return answerProblem(error, request, reply)
    await reply.redirect(`/sign-in?problem=${encodeURIComponent(problem.rule)}`, 303)
  }
}
