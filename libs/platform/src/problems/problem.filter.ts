import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusals } from '../identity/refusals.js'
import { Problem } from './problem.js'
import { toProblem } from './translate.js'

const logger = new Logger('Problem')

/** Answers every error of every route as `application/problem+json`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly refusals: Refusals) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp()
    const request = http.getRequest<FastifyRequest>()
    // Wherever it was found out that somebody known may not do this.
    if (error instanceof Problem && error.status === 403) this.refusals.tell(request, error.rule)
    answerProblem(error, request, http.getResponse<FastifyReply>())
  }
}

export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = toProblem(error) ?? unexpected(error, request)
  if (reply.sent || reply.raw.headersSent) {
    // A stream broke in the middle: the only honest answer left is a connection that ends too early.
    reply.raw.destroy()
    return
  }
  for (const [name, value] of Object.entries(problem.extras.headers ?? {})) reply.header(name, value)
  reply
    .status(problem.status)
    .type('application/problem+json')
    .send(JSON.stringify(problem.body(pathOf(request), String(request.id))))
}

/** What went wrong is ours to know; the caller gets the id under which the log has it. */
function unexpected(error: unknown, request: FastifyRequest): Problem {
  const { stack, message } = (error ?? {}) as Partial<Error>
  logger.error(`${request.method} ${pathOf(request)} failed [${request.id}] ${stack ?? message ?? String(error)}`)
  return new Problem(500, 'unexpected-error', `Something went wrong here; the log has it under ${request.id}.`)
}

/** Without the query: it may hold what should not be repeated. */
function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '/'
}
