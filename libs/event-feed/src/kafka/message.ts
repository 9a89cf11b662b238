/**
 * An event as a message on the topic, and back: CloudEvents 1.0 in binary content mode (Kafka protocol binding), the
 * value being the event's data as JSON, the key its stream. docs/asyncapi.json is the same for consumers outside.
 */
import type { IHeaders, KafkaMessage, Message } from 'kafkajs'
import type { Position, RecordedEvent } from '#event-store/event-store'

/** Where the events come from, as CloudEvents wants to know it: a URI reference. */
export const SOURCE = '/coiltrail'
export const CONTENT_TYPE = 'application/json'

/** Names of the headers: attributes of CloudEvents, its extensions (lower-case letters and digits only), and ours. */
export const HEADERS = {
  specversion: 'ce_specversion',
  id: 'ce_id',
  source: 'ce_source',
  type: 'ce_type',
  subject: 'ce_subject',
  time: 'ce_time',
  position: 'ce_position',
  previous: 'ce_previous',
  revision: 'ce_revision',
  schemaVersion: 'ce_schemaversion',
  /** W3C trace context, the distributed tracing extension: that of the command that made the event. */
  traceparent: 'ce_traceparent',
  contentType: 'content-type',
  /** All of the event's metadata as a JSON object of strings. */
  metadata: 'metadata',
} as const

/** An event with its place in the one order: `previous` is the position of the event before it, 0 for the first. */
export interface LinkedEvent extends RecordedEvent {
  readonly previous: Position
}

/** A message that is not one of ours, or not whole. Names the header and the value. */
export class UnreadableMessageError extends Error {
  override readonly name = 'UnreadableMessageError'
}

export function messageOf(event: RecordedEvent, previous: Position): Message {
  const { metadata } = event
  return {
    key: event.stream,
    value: JSON.stringify(event.data),
    headers: {
      [HEADERS.specversion]: '1.0',
      [HEADERS.id]: event.id,
      [HEADERS.source]: SOURCE,
      [HEADERS.type]: event.type,
      [HEADERS.subject]: event.stream,
      [HEADERS.time]: event.recordedAt.toISOString(),
      [HEADERS.position]: event.position.toString(),
      [HEADERS.previous]: previous.toString(),
      [HEADERS.revision]: String(event.revision),
      [HEADERS.schemaVersion]: metadata.schemaVersion ?? '1',
      ...(metadata.traceparent && { [HEADERS.traceparent]: metadata.traceparent }),
      [HEADERS.contentType]: CONTENT_TYPE,
      [HEADERS.metadata]: JSON.stringify(metadata),
    },
  }
}

/** @throws UnreadableMessageError */
export function eventOf({ key, value, headers }: Pick<KafkaMessage, 'key' | 'value' | 'headers'>): LinkedEvent {
  const text = (name: string) => textOf(headers, name)
  const specversion = text(HEADERS.specversion)
  if (specversion !== '1.0') throw new UnreadableMessageError(`${HEADERS.specversion} is ${specversion}, not 1.0`)
  const stream = text(HEADERS.subject)
  if (key?.toString() !== stream) throw new UnreadableMessageError(`the key is ${key}, but the stream is ${stream}`)
  return {
    id: text(HEADERS.id),
    stream,
    revision: Number(digits(HEADERS.revision, text(HEADERS.revision))),
    position: BigInt(digits(HEADERS.position, text(HEADERS.position))),
    previous: BigInt(digits(HEADERS.previous, text(HEADERS.previous))),
    type: text(HEADERS.type),
    data: parsed(value?.toString() ?? '', 'the value'),
    metadata: parsed(text(HEADERS.metadata), HEADERS.metadata) as Record<string, string>,
    recordedAt: instant(text(HEADERS.time)),
  }
}

function textOf(headers: IHeaders | undefined, name: string): string {
  const value = headers?.[name]
  if (value === undefined || Array.isArray(value)) {
    throw new UnreadableMessageError(`header ${name} is ${value === undefined ? 'missing' : 'there more than once'}`)
  }
  return value.toString()
}

function digits(name: string, text: string): string {
  if (/^\d{1,19}$/.test(text)) return text
  throw new UnreadableMessageError(`header ${name} is ${JSON.stringify(text)}, not a whole number`)
}

function instant(text: string): Date {
  const at = new Date(text)
  if (Number.isNaN(at.getTime())) throw new UnreadableMessageError(`header ${HEADERS.time} is no instant: ${text}`)
  return at
}

function parsed(text: string, what: string): object {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // Said below, in our words.
  }
  throw new UnreadableMessageError(`${what} is no JSON object: ${text.slice(0, 100)}`)
}
