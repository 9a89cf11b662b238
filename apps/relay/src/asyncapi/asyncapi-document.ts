/** The topic for those who read it without our code: AsyncAPI 3, made from the schemas that events are checked by. */
import { z } from 'zod'
import { allEvents, currentVersion, type PlantFact } from '#domain/events'
import { CONTENT_TYPE, HEADERS, SOURCE } from '#event-feed/kafka/message'

export interface TopicSettings {
  readonly KAFKA_TOPIC: string
  readonly KAFKA_PARTITIONS: number
  readonly KAFKA_RETENTION_DAYS: number
}

/** A message as its reader meets it: every header a text. */
export interface MessageExample {
  readonly headers: Readonly<Record<string, string>>
  readonly payload: object
}

type EventType = PlantFact['type']

/** @param exampleOf one of today's version of a type; left out where there are none at hand */
export function asyncApiDocument(topic: TopicSettings, exampleOf?: (type: EventType) => MessageExample): object {
  const types = Object.keys(allEvents) as EventType[]
  const messages = types.flatMap((type) =>
    allEvents[type].history.map((schema, i) => {
      const version = i + 1
      const example = version === currentVersion(type) ? exampleOf?.(type) : undefined
      return [`${type}.${version}`, messageOf(type, version, schema, example)] as const
    }),
  )
  const ref = (name: string) => ({ $ref: `#/components/messages/${name}` })
  const inChannel = (name: string) => ({ $ref: `#/channels/events/messages/${name}` })
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Events of Coiltrail',
      version: '1',
      description: ABOUT,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: CONTENT_TYPE,
    channels: {
      events: {
        address: topic.KAFKA_TOPIC,
        title: 'Every event',
        description: ORDER,
        messages: Object.fromEntries(messages.map(([name]) => [name, ref(name)])),
        bindings: {
          kafka: {
            topic: topic.KAFKA_TOPIC,
            partitions: topic.KAFKA_PARTITIONS,
            topicConfiguration: {
              'cleanup.policy': ['delete'],
              'retention.ms': topic.KAFKA_RETENTION_DAYS * 24 * 60 * 60 * 1000,
              'retention.bytes': -1,
            },
            bindingVersion: '0.5.0',
          },
        },
      },
    },
    operations: {
      publishEvents: {
        action: 'send',
        channel: { $ref: '#/channels/events' },
        summary: 'The relay publishes every event that the store has recorded.',
        messages: messages.map(([name]) => inChannel(name)),
      },
    },
    components: { messages: Object.fromEntries(messages), schemas: { Headers: headersSchema, Stream: streamSchema } },
  }
}

function messageOf(type: EventType, version: number, schema: z.ZodType, example: MessageExample | undefined): object {
  return {
    name: type,
    title: version === 1 && currentVersion(type) === 1 ? type : `${type}, version ${version}`,
    contentType: CONTENT_TYPE,
    headers: {
      allOf: [{ $ref: '#/components/schemas/Headers' }],
      properties: {
        [HEADERS.type]: { type: 'string', const: type },
        [HEADERS.schemaVersion]: { type: 'string', const: String(version) },
      },
    },
    payload: draft7(schema),
    bindings: { kafka: { key: { $ref: '#/components/schemas/Stream' }, bindingVersion: '0.5.0' } },
    ...(example && { examples: [{ name: type, ...example }] }),
  }
}

/** The dialect that AsyncAPI's own schemas are written in. */
function draft7(schema: z.ZodType): object {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'output', target: 'draft-7' })
  return json
}

const digits = { type: 'string', pattern: '^\\d{1,19}$' }

const streamSchema = {
  type: 'string',
  description: "One thing's history: coil-<number>, processOrder-<number>, salesOrder-<number> and so on.",
  examples: ['coil-AZ-261107-001'],
}

const headersSchema = {
  type: 'object',
  description: 'CloudEvents 1.0 in binary content mode, with extensions that say where the event stands.',
  required: [
    ...[HEADERS.specversion, HEADERS.id, HEADERS.source, HEADERS.type, HEADERS.subject, HEADERS.time],
    ...[HEADERS.position, HEADERS.previous, HEADERS.revision, HEADERS.schemaVersion],
    ...[HEADERS.contentType, HEADERS.metadata],
  ],
  properties: {
    [HEADERS.specversion]: { type: 'string', const: '1.0' },
    [HEADERS.id]: { type: 'string', format: 'uuid', description: 'Of the event: the same whenever it is repeated.' },
    [HEADERS.source]: { type: 'string', const: SOURCE },
    [HEADERS.type]: { type: 'string' },
    [HEADERS.subject]: { $ref: '#/components/schemas/Stream' },
    [HEADERS.time]: {
      type: 'string',
      format: 'date-time',
      description: 'When the store recorded it; when it happened in the plant is occurredAt in metadata.',
    },
    [HEADERS.position]: {
      ...digits,
      description: 'Place in the one order of all events: increasing, with gaps, up to 2^63 - 1.',
    },
    [HEADERS.previous]: { ...digits, description: 'Position of the event before it in that order, 0 for the first.' },
    [HEADERS.revision]: { ...digits, description: 'Place in its stream: 0, 1, 2 and so on without a gap.' },
    [HEADERS.schemaVersion]: { type: 'string', pattern: '^[1-9]\\d*$', description: 'Of the payload.' },
    [HEADERS.traceparent]: { type: 'string', description: 'W3C trace context of the command, if it had one.' },
    [HEADERS.contentType]: { type: 'string', const: CONTENT_TYPE },
    [HEADERS.metadata]: {
      type: 'string',
      contentMediaType: CONTENT_TYPE,
      description:
        'A JSON object of texts: commandId, actor, role, source, occurredAt, correlationId, causationId and the like.',
    },
  },
}

const ABOUT = `Every event of the plant, published to Kafka by the relay in the order that the store has.

A payload is the event's data as JSON; the key is its stream. An event never changes: a correction is another event. New
types and versions of events may come with a newer Coiltrail: let a consumer pass over types that it does not know, and
stop at a version that it does not know.`

const ORDER = `**Order.** A stream is always in the same partition (murmur2 of the key, as Java's clients choose it), its events in
order. Across partitions the order is that of ce_position: who needs it takes all partitions and follows the chain of
ce_previous.

**Repeated events.** Each event comes at least once: after a failure some are repeated, with the same headers and
payload, behind others of their stream that are newer. Skip what is at or below the last ce_revision that you have of its
stream, or remember ce_id.

**What is kept.** Messages are deleted after the retention time, counted from their publication, whether or not anybody
has read them. If the topic is lost or made anew, everything is published again from the first event. A ce_revision that
leaves one out tells that the topic has lost it: what is missing comes then; do not pass over it.

**Partitions** are never changed for a topic that has events.`
