/** AppendSession of the second API: events of several streams, all or none. */
import type { handleClientStreamingCall } from '@grpc/grpc-js'
import type {
  AppendRecord,
  AppendRequest,
  AppendSessionResponse,
} from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/streams_pb.js'
import session from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/streams_pb.js'
import type { Conduct } from './conduct.js'
import type { EventLog, Proposed, Write } from './event-log.js'
import {
  accessDeniedOperation,
  invalid,
  noLeader,
  notLeaderNode,
  type Refusal,
  revisionConflict,
  transactionTooLarge,
  twiceInSession,
} from './refusals.js'

type Handler = handleClientStreamingCall<AppendRequest, AppendSessionResponse>

export function appendService(log: EventLog, conduct: Conduct, mostBytes: number): Handler {
  return async (call, reply) => {
    const requests: AppendRequest[] = []
    try {
      for await (const request of call) requests.push(request)
    } catch {
      return // the caller has gone
    }
    await conduct.awake()
    // A call that was given up meanwhile is not carried out.
    if (call.cancelled) return
    if (!conduct.allows(call.metadata)) return reply(accessDeniedOperation('AppendSession'))
    if (conduct.leader !== undefined) return reply(conduct.leader ? notLeaderNode(conduct.leader) : noLeader())
    const writes = requests.map(writeOf)
    const refusal = refusalOf(writes, mostBytes)
    if (refusal) return reply(refusal)
    const outcome = log.append(writes)
    if (conduct.goAwayAfterRecording) return conduct.goAwayAfterRecording()
    if ('conflict' in outcome) {
      const { stream, expected, actual } = outcome.conflict
      return reply(revisionConflict(stream, expected, actual))
    }
    const response = new session.AppendSessionResponse()
    for (const [i, { stream }] of writes.entries()) {
      const written = new session.AppendResponse()
      written.setStream(stream)
      written.setStreamRevision(String(outcome.revisions[i]))
      response.addOutput(written)
    }
    response.setPosition(String(outcome.position))
    reply(null, response)
  }
}

function writeOf(request: AppendRequest): Write {
  return {
    stream: request.getStream(),
    expected: request.hasExpectedRevision() ? Number(request.getExpectedRevision()) : -2,
    events: request.getRecordsList().map(proposed),
  }
}

/** The server keeps properties as protobuf and shows them as JSON to readers of the first API. */
function proposed(record: AppendRecord): Proposed {
  const properties: [string, string][] = []
  record.getPropertiesMap().forEach((value, key) => {
    properties.push([key, value.getStringValue()])
  })
  return {
    id: record.getRecordId() ?? crypto.randomUUID(),
    type: record.getSchema()!.getName(),
    json: record.getSchema()!.getFormat() === session.SchemaFormat.SCHEMA_FORMAT_JSON,
    data: record.getData_asU8(),
    metadata: Buffer.from(properties.length > 0 ? JSON.stringify(Object.fromEntries(properties)) : ''),
  }
}

function refusalOf(writes: readonly Write[], mostBytes: number): Refusal | undefined {
  if (writes.length === 0) return invalid('The append session has no requests')
  const names = new Set<string>()
  let size = 0
  for (const { stream, events } of writes) {
    if (events.length === 0) return invalid(`'AppendRequest' is invalid: no records for ${stream}`)
    if (names.has(stream.toLowerCase())) return twiceInSession(stream)
    names.add(stream.toLowerCase())
    for (const { type, data, metadata } of events) {
      if (!/^[a-zA-Z0-9_.-]+$/.test(type)) return invalid(`Schema name '${type}' is not alphanumeric`)
      size += data.length + metadata.length + type.length
      if (size > mostBytes) return transactionTooLarge(size, mostBytes)
    }
  }
  return undefined
}
