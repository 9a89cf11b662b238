import { applyDecorators, createParamDecorator, type ExecutionContext, UseInterceptors } from '@nestjs/common'
import { ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger'
import type { FastifyRequest } from 'fastify'
import { Allow, actorOf } from '#platform/identity/allow'
import type { Permission } from '#platform/identity/permissions'
import { Problem, type ProblemFault } from '#platform/problems/problem'
import { OutcomeInterceptor } from './outcome.interceptor.js'
import { outcomeSchema } from './outcome.schema.js'
import type { CommandRequest } from './plant-command.js'

const KEY = /^[\x21-\x7e]{8,128}$/
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/

/** The `CommandRequest` of an HTTP request: who, under which key, at which revision. */
export const RequestOfCommand = createParamDecorator((_: unknown, context: ExecutionContext) =>
  commandRequestOf(context.switchToHttp().getRequest<FastifyRequest>()),
)

export function commandRequestOf(request: FastifyRequest): CommandRequest {
  const errors: ProblemFault[] = []
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string' || !KEY.test(key)) {
    errors.push({
      in: 'header',
      pointer: '/idempotency-key',
      rule: key === undefined ? 'required' : 'invalid-value',
      message: 'every command needs an Idempotency-Key made by the client, 8 to 128 visible characters, e.g. a UUID',
      ...(key !== undefined && { value: String(key).slice(0, 200) }),
    })
  }
  const ifMatch = request.headers['if-match']
  const revision = ifMatch === undefined ? undefined : /^"(\d{1,9})"$/.exec(ifMatch)?.[1]
  if (ifMatch !== undefined && revision === undefined) {
    errors.push({
      in: 'header',
      pointer: '/if-match',
      rule: 'invalid-value',
      message: 'If-Match is a revision in quotes, as an ETag gave it, e.g. "4"',
      value: ifMatch.slice(0, 200),
    })
  }
  if (errors.length > 0) throw new Problem(400, 'invalid-request', errors.map((e) => e.message).join('; '), { errors })
  const traceparent = request.headers.traceparent
  return {
    commandId: key as string,
    actor: actorOf(request),
    correlationId: String(request.id),
    ...(typeof traceparent === 'string' && TRACEPARENT.test(traceparent) && { traceparent }),
    ...(revision !== undefined && { ifMatch: Number(revision) }),
  }
}

/** A route that records something: the permission, what it does in one line, and what every command has in common. */
export function Records(permission: Permission, summary: string) {
  return applyDecorators(
    Allow(permission),
    UseInterceptors(OutcomeInterceptor),
    ApiOperation({ summary }),
    ApiHeader({
      name: 'Idempotency-Key',
      required: true,
      description: 'Made by the client. Sent again with the same body, it answers the first outcome again.',
      // The page of the API puts a new one in its place with every call.
      schema: { type: 'string', minLength: 8, maxLength: 128, example: '3f0c5a52-1d5e-4b8e-9a43-6f0f1c2d7e90' },
    }),
    ApiHeader({
      name: 'If-Match',
      required: false,
      description: 'The revision acted on, in quotes, as an ETag gave it; 412 if it is gone.',
      schema: { type: 'string', pattern: '^"\\d{1,9}"$' },
    }),
    ApiResponse({ status: 201, description: 'Recorded.', schema: outcomeSchema }),
    ApiResponse({ status: 404, description: 'Something named in it does not exist. Nothing was recorded.' }),
    ApiResponse({ status: 409, description: 'Others were quicker too often. Nothing was recorded.' }),
    ApiResponse({ status: 412, description: 'If-Match no longer holds. Nothing was recorded.' }),
    ApiResponse({
      status: 422,
      description: 'A rule of the plant refuses it; every broken rule is listed. Nothing was recorded.',
    }),
  )
}
