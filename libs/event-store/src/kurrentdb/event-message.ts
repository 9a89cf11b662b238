/** An event as KurrentDB sends it, and as everybody here reads it: one place for stream reads and subscriptions. */
import type { ReadResp } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js'
import type { Metadata, RecordedEvent } from '../event-store.js'

/** The server counts in ticks of 100 ns. */
const TICKS_PER_MS = 10_000n

/**
 * Undefined for what Coiltrail cannot have written: links and other events of the server's own, data that is no JSON
 * object, and events of the old kind of transaction, which share one commit position.
 */
export function eventOf(message: ReadResp): RecordedEvent | undefined {
  const event = message.getEvent()?.getEvent()
  if (!event) return undefined
  const properties = event.getMetadataMap()
  const type = properties.get('type') ?? ''
  const position = event.getCommitPosition()
  if (type.startsWith('$') || properties.get('content-type') !== 'application/json') return undefined
  if (position !== event.getPreparePosition()) return undefined
  const data = objectOf(event.getData_asU8())
  if (!data) return undefined
  return {
    id: event.getId()!.getString(),
    stream: textOf(event.getStreamIdentifier()!.getStreamName_asU8()),
    revision: Number(event.getStreamRevision()),
    position: BigInt(position),
    type,
    data,
    metadata: metadataOf(event.getCustomMetadata_asU8()),
    recordedAt: new Date(Number(BigInt(properties.get('created') ?? 0) / TICKS_PER_MS)),
  }
}

/** Flat strings, as written; the server adds keys in `$` of its own. */
function metadataOf(bytes: Uint8Array): Metadata {
  const entries = Object.entries(objectOf(bytes) ?? {})
  return Object.fromEntries(entries.filter(([key, value]) => typeof value === 'string' && !key.startsWith('$')))
}

function objectOf(bytes: Uint8Array): object | undefined {
  if (bytes.length === 0) return undefined
  try {
    const value: unknown = JSON.parse(textOf(bytes))
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}
