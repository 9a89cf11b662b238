/** Turns whatever was thrown into the problem that it is for the caller. */
import { STATUS_CODES } from 'node:http'
import { HttpException } from '@nestjs/common'
import { type Fault, Refused } from '#domain/refusal'
import { AppendTooLargeError } from '#event-store/draft'
import { ConflictError, StoreUnavailableError } from '#event-store/event-store'
import { Problem, type ProblemFault, tryLater } from './problem.js'

/** The problem, or undefined when the error is one of our own making and says nothing to the caller. */
export function toProblem(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error
  if (error instanceof Refused) return refused(error)
  if (error instanceof ConflictError) {
    return new Problem(
      409,
      'changed-meanwhile',
      'Somebody else changed this at the same moment. Look again, and retry.',
      {
        values: { stream: error.stream },
        headers: { 'Retry-After': '1' },
      },
    )
  }
  if (error instanceof AppendTooLargeError) {
    // Its own words speak of streams and bytes. Any other append that is not right is a fault of ours.
    return new Problem(
      422,
      'too-much-at-once',
      'This touches more coils, or says more, than is recorded at once. Nothing was recorded; do it in smaller parts.',
    )
  }
  if (error instanceof StoreUnavailableError || isDatabaseGone(error)) {
    // Whether a command that was under way is recorded nobody knows; under its own key it is done once.
    return tryLater('store-unavailable', 'The database cannot be reached now. Send it again, under the same key.', 2)
  }
  if (error instanceof HttpException) return ofHttp(error.getStatus(), error.message)
  const { statusCode, code, message } = (error ?? {}) as { statusCode?: number; code?: string; message?: string }
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return ofHttp(statusCode, message ?? '', code)
  }
  return undefined
}

function refused({ faults }: Refused): Problem {
  const status = faults.some((fault) => fault.kind === 'unknown') ? 404 : 422
  const [only] = faults
  if (only && faults.length === 1) {
    return new Problem(status, only.rule, only.message, { values: only.values, errors: [asProblemFault(only)] })
  }
  return new Problem(
    status,
    'several-rules-broken',
    `${faults.length} things are not right; "errors" lists them all.`,
    {
      errors: faults.map(asProblemFault),
    },
  )
}

function asProblemFault({ rule, message, values, field }: Fault): ProblemFault {
  return { rule, message, ...(field && { pointer: field }), values }
}

/** Faults of the request itself, found by Fastify or Nest before any code of ours. */
function ofHttp(status: number, message: string, code?: string): Problem {
  switch (status) {
    case 400:
      if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY') {
        return new Problem(400, 'invalid-request', 'The body is empty: it must be JSON.')
      }
      return new Problem(400, 'invalid-request', `The request cannot be read: ${message}`)
    case 404:
      return new Problem(404, 'unknown-route', 'There is nothing at this address. /api/docs lists what there is.')
    case 413:
      return new Problem(413, 'request-too-large', 'The request is larger than the 5 MB that are taken at once.')
    case 414:
      return new Problem(414, 'address-too-long', 'The address of the request is too long.')
    case 415:
      return new Problem(415, 'unsupported-media-type', 'This address does not take that Content-Type.')
    default: {
      const reason = STATUS_CODES[status] ?? 'Error'
      return new Problem(status, reason.toLowerCase().replaceAll(/[^a-z]+/g, '-'), message || reason)
    }
  }
}

/** SQLSTATE classes and socket errors that mean "not now", whichever library reports them. */
export function isDatabaseGone(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  const { code, message, driverError, cause, errors } = error as Record<string, unknown>
  if (typeof code === 'string' && NOT_NOW.test(code)) return true
  if (typeof message === 'string' && CONNECTION_LOST.test(message)) return true
  return isDatabaseGone(driverError) || isDatabaseGone(cause) || (Array.isArray(errors) && errors.some(isDatabaseGone))
}

// 08P01 is a fault of ours, such as a wrong number of parameters: it will not pass.
const NOT_NOW = /^(08(?!P01)...|57P0[1-4]|53300|40001|40P01|E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT))$/
const CONNECTION_LOST =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error)/
