/** An append as KurrentDB's second API takes it: a request for each stream, all in one session. */
import sessions from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/streams_pb.js'
import protobuf from 'google-protobuf/google/protobuf/struct_pb.js'
import { type Draft, type DraftEvent, InvalidAppendError } from '../draft.js'
import type { Expected } from '../event-store.js'

export type AppendRequest = InstanceType<typeof sessions.AppendRequest>

const NO_STREAM = '-1'
const ANY = '-2'

/** @throws InvalidAppendError for what KurrentDB cannot keep */
export function requestOf({ stream, expected, events }: Draft): AppendRequest {
  const request = new sessions.AppendRequest()
  request.setStream(stream)
  request.setExpectedRevision(revisionOf(expected))
  for (const event of events) request.addRecords(recordOf(event, stream))
  return request
}

/** One that cannot be recorded, as no stream has that revision. */
export function impossibleRequest(stream: string): AppendRequest {
  const event = { id: crypto.randomUUID(), type: 'NeverRecorded', data: '{}', metadata: '{}' }
  return requestOf({ stream, expected: 0x7fff_ffff, events: [event] })
}

const revisionOf = (expected: Expected): string =>
  expected === 'none' ? NO_STREAM : expected === 'any' ? ANY : String(expected)

function recordOf(event: DraftEvent, stream: string) {
  const record = new sessions.AppendRecord()
  record.setRecordId(event.id)
  const schema = new sessions.SchemaInfo()
  schema.setFormat(sessions.SchemaFormat.SCHEMA_FORMAT_JSON)
  schema.setName(event.type)
  record.setSchema(schema)
  record.setData(Buffer.from(event.data))
  const properties = record.getPropertiesMap()
  for (const [key, text] of metadataOf(event, stream)) {
    const value = new protobuf.Value()
    value.setStringValue(text)
    properties.set(key, value)
  }
  return record
}

/** KurrentDB keeps metadata as protobuf, not as our JSON text. */
function metadataOf({ type, metadata }: DraftEvent, stream: string): [string, string][] {
  const entries = Object.entries(JSON.parse(metadata) as Record<string, string>)
  for (const [key, value] of entries) {
    if (!key.isWellFormed() || !value.isWellFormed() || key.startsWith('$')) {
      const where = `stream ${stream}, ${type}: metadata ${JSON.stringify(key)}`
      throw new InvalidAppendError(`${where} is in $, which belongs to the store, or has half a character in it`)
    }
  }
  return entries
}
