/** What the errors of KurrentDB's client mean to a caller. */
import { convertToCommandError, WrongExpectedVersionError } from '@kurrent/kurrentdb-client'
import { AppendTooLargeError, type Draft, InvalidAppendError } from '../draft.js'
import { ConflictError, StoreUnavailableError } from '../event-store.js'

/**
 * `refused`: the same call will never go through. `away`: there was nobody to send it to. `broke`: it broke off or was
 * not answered in time, so that nobody knows whether an append took effect.
 */
export type Fault = 'not-authorised' | 'too-old' | 'not-leader' | 'too-large' | 'refused' | 'away' | 'broke'

/** gRPC status codes, as numbers because the client gives them so. */
const INVALID_ARGUMENT = 3
const PERMISSION_DENIED = 7
const RESOURCE_EXHAUSTED = 8
const UNIMPLEMENTED = 12
const UNAUTHENTICATED = 16

const BY_TYPE: Readonly<Record<string, Fault>> = {
  'not-leader': 'not-leader',
  'access-denied': 'not-authorised',
  unsupported: 'too-old',
  'maximum-append-size-exceeded': 'too-large',
  'transaction-max-size-exceeded': 'too-large',
  'append-record-size-exceeded': 'too-large',
  'stream-deleted': 'refused',
  'stream-tombstoned': 'refused',
  'invalid-argument': 'refused',
}

const BY_CODE: Readonly<Record<number, Fault>> = {
  [INVALID_ARGUMENT]: 'refused',
  [PERMISSION_DENIED]: 'not-authorised',
  [RESOURCE_EXHAUSTED]: 'too-large',
  [UNIMPLEMENTED]: 'too-old',
  [UNAUTHENTICATED]: 'not-authorised',
}

interface ClientError extends Error {
  readonly type?: string
  readonly code?: number
  /** The bare error of gRPC, where the client has wrapped it. */
  readonly _raw?: ClientError
  readonly metadata?: { get?(key: string): (string | Buffer)[] }
}

export function faultOf(thrown: unknown): Fault {
  if (thrown instanceof StoreUnavailableError) return thrown.cause ? faultOf(thrown.cause) : 'away'
  const error = convertToCommandError(thrown as Error) as ClientError
  const known = BY_TYPE[error.type ?? ''] ?? BY_CODE[error.code ?? -1]
  if (known) return known
  if (saysNotLeader(error)) return 'not-leader'
  return /No connection established|Failed to discover|Name resolution failed/.test(error.message) ? 'away' : 'broke'
}

/** An append on a follower: the client (1.3.1) does not know this answer and calls it an unknown error. */
function saysNotLeader(error: ClientError): boolean {
  const [details] = (error._raw ?? error).metadata?.get?.('grpc-status-details-bin') ?? []
  return Buffer.isBuffer(details) && details.includes('NotLeaderNodeErrorDetails')
}

/** The error for the writer if the server has looked at the append and refused it; nothing was written then. */
export function refusalOf(thrown: unknown, drafts: readonly Draft[]): Error | undefined {
  if (thrown instanceof WrongExpectedVersionError) return conflictOf(thrown, drafts)
  const why = reasonOf(thrown)
  switch (faultOf(thrown)) {
    case 'too-large':
      return new AppendTooLargeError(`the server's limit is lower (its setting MaxAppendSize): ${why}`, {
        cause: thrown,
      })
    case 'refused':
      return new InvalidAppendError(`the append cannot be recorded: ${why}`, { cause: thrown })
    case 'not-authorised':
    case 'too-old':
      return unavailable('KurrentDB refuses: nothing was recorded', thrown)
    default:
      return undefined
  }
}

function conflictOf({ streamName, actualState }: WrongExpectedVersionError, drafts: readonly Draft[]): ConflictError {
  const expected = drafts.find(({ stream }) => stream === streamName)?.expected ?? 'any'
  return new ConflictError(streamName, expected, typeof actualState === 'bigint' ? Number(actualState) : 'none')
}

/**
 * In a few words; some errors of the client have a type and no message. Without the time of an attempt, which would make
 * a new sentence of each, and without Node's advice on whom to trust, which is told by tlsCAFile here.
 */
export function reasonOf(thrown: unknown): string {
  const { message, type, name } = thrown as ClientError
  return (message || type || name || String(thrown))
    .replace(/^\d+ [A-Z_]+: /, '')
    .replace(/^No connection established\. Last error: (?:Error: )?(.*?)\.? Resolution note:.*/s, '$1')
    .replace(/^(Failed to connect) \(.*\)$/, '$1')
    .replace(/^Deadline exceeded.*/s, 'it does not answer in time')
    .replace(/; if the root CA is installed locally.*/s, '')
}

export function unavailable(what: string, cause: unknown): StoreUnavailableError {
  return new StoreUnavailableError(`${what}: ${reasonOf(cause)}`, { cause })
}
