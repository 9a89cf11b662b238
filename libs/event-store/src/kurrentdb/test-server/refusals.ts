/** The errors of KurrentDB as they stand on the wire: status codes, trailers of the first API, details of the second. */
import { Metadata, type StatusObject, status } from '@grpc/grpc-js'
import pbStatus from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/status_pb.js'
import serverErrors from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/errors_pb.js'
import streamErrors from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/errors_pb.js'
import any from 'google-protobuf/google/protobuf/any_pb.js'

export type Refusal = Pick<StatusObject, 'code' | 'details' | 'metadata'>

export interface Endpoint {
  readonly host: string
  readonly port: number
}

export function notLeader({ host, port }: Endpoint): Refusal {
  return withTrailers(status.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': host,
    'leader-endpoint-port': String(port),
  })
}

export function noLeader(): Refusal {
  return withTrailers(status.UNKNOWN, 'No leader info available in response', {})
}

export function accessDenied(): Refusal {
  return withTrailers(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' })
}

export function wrongExpectedVersion(stream: string, expected: number, actual: number): Refusal {
  return withTrailers(status.FAILED_PRECONDITION, `Append failed due to WrongExpectedVersion. Stream: ${stream}`, {
    exception: 'wrong-expected-version',
    'stream-name': stream,
    'expected-version': String(expected),
    'actual-version': String(actual),
  })
}

export function invalidPosition(): Refusal {
  return withTrailers(status.INVALID_ARGUMENT, 'Trying to read from an invalid position.', {})
}

export function invalid(why: string): Refusal {
  return withTrailers(status.INVALID_ARGUMENT, why, {})
}

export function notLeaderNode({ host, port }: Endpoint): Refusal {
  const leader = new serverErrors.NotLeaderNodeErrorDetails.NodeInfo()
  leader.setHost(host)
  leader.setPort(port)
  const details = new serverErrors.NotLeaderNodeErrorDetails()
  details.setCurrentLeader(leader)
  const type = 'kurrentdb.protocol.v2.errors.NotLeaderNodeErrorDetails'
  return withDetails(status.FAILED_PRECONDITION, 'The server is not the leader node', type, details)
}

export function accessDeniedOperation(operation: string): Refusal {
  const details = new serverErrors.AccessDeniedErrorDetails()
  details.setOperation(operation)
  const type = 'kurrentdb.protocol.v2.errors.AccessDeniedErrorDetails'
  return withDetails(status.PERMISSION_DENIED, `Access denied. Insufficient permissions: ${operation}`, type, details)
}

export function revisionConflict(stream: string, expected: number, actual: number): Refusal {
  const details = new streamErrors.StreamRevisionConflictErrorDetails()
  details.setStream(stream)
  details.setExpectedRevision(String(expected))
  details.setActualRevision(String(actual))
  const type = 'kurrentdb.protocol.v2.streams.errors.StreamRevisionConflictErrorDetails'
  return withDetails(status.FAILED_PRECONDITION, `Append failed: conflict on stream '${stream}'`, type, details)
}

export function transactionTooLarge(size: number, most: number): Refusal {
  const details = new streamErrors.AppendTransactionSizeExceededErrorDetails()
  details.setSize(size)
  details.setMaxSize(most)
  const type = 'kurrentdb.protocol.v2.streams.errors.AppendTransactionSizeExceededErrorDetails'
  return withDetails(status.ABORTED, `The append has ${size} bytes, the limit is ${most}`, type, details)
}

export function twiceInSession(stream: string): Refusal {
  const details = new streamErrors.StreamAlreadyInAppendSessionErrorDetails()
  details.setStream(stream)
  const type = 'kurrentdb.protocol.v2.streams.errors.StreamAlreadyInAppendSessionErrorDetails'
  return withDetails(status.ABORTED, `Stream '${stream}' is in this session already`, type, details)
}

function withTrailers(code: status, details: string, trailers: Readonly<Record<string, string>>): Refusal {
  const metadata = new Metadata()
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, value)
  return { code, details, metadata }
}

function withDetails(code: status, details: string, type: string, message: { serializeBinary(): Uint8Array }): Refusal {
  const packed = new any.Any()
  packed.setTypeUrl(`type.googleapis.com/${type}`)
  packed.setValue(message.serializeBinary())
  const told = new pbStatus.Status()
  told.setCode(code as number)
  told.setMessage(details)
  told.setDetails(packed)
  const metadata = new Metadata()
  metadata.set('grpc-status-details-bin', Buffer.from(told.serializeBinary()))
  return { code, details, metadata }
}
