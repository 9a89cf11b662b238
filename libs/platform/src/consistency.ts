/**
 * Consistency tokens: a command answers with the position of its last event, and a query with `?after=<token>` waits
 * until its read model has come that far.
 */
import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type InjectionToken,
  mixin,
  type NestInterceptor,
  type Type,
} from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import type { Observable } from 'rxjs'
import { z } from 'zod'
import { Problem, tryLater } from './problems/problem.js'

const PATIENCE_MS = 5_000
const HIGHEST = 9_223_372_036_854_775_807n

/** How far a read model has come. */
export interface ReadModelPosition {
  /** True as soon as everything up to `position` is in; false when it is not within the time. */
  waitFor(position: bigint, timeoutMs: number): Promise<boolean>
}

/** A position as clients hold it: opaque to them, decimal digits to us. */
export const consistencyToken = z
  .string()
  .regex(/^\d{1,19}$/, 'a consistency token is the "position" that a command answered with')
  .refine((text) => !/^\d{1,19}$/.test(text) || BigInt(text) <= HIGHEST, 'no position is as high as this')
  .describe('Position that a command answered with: the answer to this query has it.')

/** To be spread into the schema of every query: `z.strictObject({ ...after, ... })`. */
export const after = { after: consistencyToken.optional() }

export const formatToken = (position: bigint) => position.toString()
export const parseToken = (token: string) => BigInt(token)

/** @throws Problem 503 with Retry-After when the read model does not have it within five seconds. */
export async function waitUntilSeen(readModel: ReadModelPosition, position: bigint): Promise<void> {
  if (await readModel.waitFor(position, PATIENCE_MS)) return
  throw tryLater('not-yet-visible', 'What you have just recorded is safe, but cannot be seen here yet.', 1, {
    values: { after: formatToken(position) },
  })
}

/** For query controllers: `@UseInterceptors(WaitForAfter(READ_MODEL))`, the token of their `ReadModelPosition`. */
export function WaitForAfter(readModel: InjectionToken): Type<NestInterceptor> {
  @Injectable()
  class WaitInterceptor implements NestInterceptor {
    constructor(@Inject(readModel) private readonly position: ReadModelPosition) {}

    async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
      const { after: given } = context.switchToHttp().getRequest<FastifyRequest>().query as { after?: unknown }
      if (given !== undefined) {
        const { success, data, error } = consistencyToken.safeParse(given)
        if (!success) {
          const faults = error.issues.map(({ message }) => ({
            in: 'query' as const,
            pointer: '/after',
            rule: 'invalid-format',
            message,
          }))
          throw new Problem(400, 'invalid-request', `/after: ${error.issues[0]!.message}`, { errors: faults })
        }
        await waitUntilSeen(this.position, parseToken(data))
      }
      return next.handle()
    }
  }
  return mixin(WaitInterceptor)
}
