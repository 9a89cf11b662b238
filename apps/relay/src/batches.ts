import type { Message } from 'kafkajs'
import { HEADERS, messageOf } from '#event-feed/kafka/message'
import type { Position, RecordedEvent } from '#event-store/event-store'

export interface BatchLimits {
  readonly events: number
  /** A batch with one event may have more. */
  readonly bytes: number
}

export interface Batch {
  readonly events: readonly RecordedEvent[]
  readonly messages: Message[]
}

/** Names of headers, what is short in them, and Kafka's bytes around it all: never more than this. */
const BESIDE_BYTES = 700

/** Cuts what comes behind `previous` into batches of messages, each linked to the event before it. */
export function* batchesOf(
  events: readonly RecordedEvent[],
  previous: Position,
  limits: BatchLimits,
): Generator<Batch, void> {
  let from = 0
  let messages: Message[] = []
  let bytes = 0
  let before = previous
  for (const [i, event] of events.entries()) {
    const message = messageOf(event, before)
    const size = bytesOf(event, message)
    if (messages.length > 0 && (messages.length >= limits.events || bytes + size > limits.bytes)) {
      yield { events: events.slice(from, i), messages }
      ;[from, messages, bytes] = [i, [], 0]
    }
    messages.push(message)
    bytes += size
    before = event.position
  }
  if (messages.length > 0) yield { events: events.slice(from), messages }
}

export function bytesOf(event: RecordedEvent, { value, headers }: Message): number {
  const texts = [value as string, headers![HEADERS.metadata] as string, event.stream, event.stream]
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), BESIDE_BYTES)
}
