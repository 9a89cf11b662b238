import { asyncApiDocument, type MessageExample } from '#apps/relay/src/asyncapi/asyncapi-document'
import { currentVersion, type PlantFact } from '#domain/events'
import { streamOf } from '#domain/streams'
import { messageOf } from '#event-feed/kafka/message'
import type { RecordedEvent } from '#event-store/event-store'
import { readConfig } from '#platform/config'
import { everyFact } from '#test/support/every-fact'

/** The topic as it is unless settings say otherwise, with one message of every type. */
export function asyncApi(): string {
  return `${JSON.stringify(asyncApiDocument(readConfig({}), exampleOf), null, 2)}\n`
}

/** As a consumer gets it: every header a text, the value parsed. */
export function exampleOf(type: PlantFact['type']): MessageExample {
  const { headers, value } = messageOf(recorded(type), PREVIOUS)
  return { headers: headers as Record<string, string>, payload: JSON.parse(value as string) }
}

const PREVIOUS = 183n

function recorded(type: PlantFact['type']): RecordedEvent {
  const data = everyFact[type]
  return {
    id: '0190a1b2-0000-7000-8000-000000000184',
    stream: streamOf({ type, data } as PlantFact),
    revision: 2,
    position: 184n,
    type,
    data,
    recordedAt: new Date('2026-11-09T06:00:04.120Z'),
    metadata: {
      commandId: '3f0c5a52-1d5e-4b8e-9a43-6f0f1c2d7e90',
      actor: 'Ion Ionescu',
      role: 'operator',
      source: 'scanner',
      occurredAt: '2026-11-09T06:00:00.000Z',
      correlationId: 'tablet-7-000123',
      schemaVersion: String(currentVersion(type)),
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    },
  }
}
