/** Append and BatchAppend of the first API: one stream each. What others on a shared server write with. */
import type { handleBidiStreamingCall, handleClientStreamingCall } from '@grpc/grpc-js'
import type { StreamIdentifier, UUID } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js'
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js'
import pbStatus from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/status_pb.js'
import type {
  AppendReq,
  AppendResp,
  BatchAppendReq,
  BatchAppendResp,
} from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js'
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js'
import any from 'google-protobuf/google/protobuf/any_pb.js'
import type { Conduct } from './conduct.js'
import type { EventLog, ExpectedVersion, Proposed } from './event-log.js'
import { accessDenied, wrongExpectedVersion } from './refusals.js'

export function classicAppendService(log: EventLog, conduct: Conduct) {
  const append: handleClientStreamingCall<AppendReq, AppendResp> = async (call, reply) => {
    let options: AppendReq.Options | undefined
    const events: Proposed[] = []
    for await (const request of call as AsyncIterable<AppendReq>) {
      if (request.hasOptions()) options = request.getOptions()
      else events.push(proposed(request.getProposedMessage()!))
    }
    await conduct.awake()
    if (!conduct.allows(call.metadata)) return reply(accessDenied())
    const stream = nameOf(options!.getStreamIdentifier()!)
    const outcome = log.append([{ stream, expected: expectedOf(options!, options!.getRevision()), events }])
    if ('conflict' in outcome) {
      return reply(wrongExpectedVersion(stream, outcome.conflict.expected, outcome.conflict.actual))
    }
    const position = new streams.AppendResp.Position()
    position.setCommitPosition(String(outcome.position))
    position.setPreparePosition(String(outcome.position))
    const success = new streams.AppendResp.Success()
    success.setCurrentRevision(String(outcome.revisions[0]))
    success.setPosition(position)
    reply(null, new streams.AppendResp().setSuccess(success))
  }

  const batchAppend: handleBidiStreamingCall<BatchAppendReq, BatchAppendResp> = (call) => {
    const open = new Map<string, { options: BatchAppendReq.Options; events: Proposed[] }>()
    call.on('end', () => call.end())
    call.on('data', async (request: BatchAppendReq) => {
      await conduct.awake()
      if (!conduct.allows(call.metadata)) return call.emit('error', accessDenied())
      const id = idOf(request.getCorrelationId()!)
      const batch = open.get(id) ?? { options: request.getOptions()!, events: [] }
      open.set(id, batch)
      batch.events.push(...request.getProposedMessagesList().map(proposed))
      if (!request.getIsFinal()) return
      open.delete(id)
      call.write(answerOf(request.getCorrelationId()!, batch.options, batch.events, log))
    })
  }
  return { append, batchAppend }
}

function answerOf(id: UUID, options: BatchAppendReq.Options, events: readonly Proposed[], log: EventLog) {
  const stream = nameOf(options.getStreamIdentifier()!)
  const outcome = log.append([{ stream, expected: expectedOf(options, options.getStreamPosition()), events }])
  const response = new streams.BatchAppendResp()
  response.setCorrelationId(id)
  response.setStreamIdentifier(options.getStreamIdentifier())
  if ('conflict' in outcome) {
    const wrong = new shared.WrongExpectedVersion()
    if (outcome.conflict.actual >= 0) wrong.setCurrentStreamRevision(String(outcome.conflict.actual))
    if (outcome.conflict.expected >= 0) wrong.setExpectedStreamPosition(String(outcome.conflict.expected))
    const details = new any.Any()
    details.pack(wrong.serializeBinary(), 'event_store.client.WrongExpectedVersion')
    const error = new pbStatus.Status()
    error.setMessage('WrongExpectedVersion')
    error.setDetails(details)
    return response.setError(error)
  }
  const position = new shared.AllStreamPosition()
  position.setCommitPosition(String(outcome.position))
  position.setPreparePosition(String(outcome.position))
  const success = new streams.BatchAppendResp.Success()
  success.setCurrentRevision(String(outcome.revisions[0]))
  success.setPosition(position)
  return response.setSuccess(success)
}

interface Expectation {
  hasNoStream(): boolean
  hasAny(): boolean
  hasStreamExists(): boolean
}

function expectedOf(options: Expectation, revision: string): ExpectedVersion {
  if (options.hasNoStream()) return -1
  if (options.hasAny()) return -2
  return options.hasStreamExists() ? -4 : Number(revision)
}

function proposed(message: AppendReq.ProposedMessage | BatchAppendReq.ProposedMessage): Proposed {
  const properties = message.getMetadataMap()
  return {
    id: idOf(message.getId()!),
    type: properties.get('type') ?? '',
    json: properties.get('content-type') === 'application/json',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  }
}

function nameOf(stream: StreamIdentifier): string {
  return Buffer.from(stream.getStreamName_asU8()).toString()
}

function idOf(id: UUID): string {
  if (id.hasString()) return id.getString()
  const { mostSignificantBits, leastSignificantBits } = id.getStructured()!.toObject()
  const hex = [mostSignificantBits, leastSignificantBits].map((bits) =>
    BigInt.asUintN(64, BigInt(bits)).toString(16).padStart(16, '0'),
  )
  return hex.join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
