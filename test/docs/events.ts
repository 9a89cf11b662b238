import { z } from 'zod'
import { inWords } from '#apps/inventory/src/timeline/in-words'
import { allEvents, currentVersion, type PlantFact } from '#domain/events'
import { streamOf } from '#domain/streams'
import { everyFact } from '#test/support/every-fact'
import { code, table } from './markdown.js'

const HEAD = `# Events

Made by \`npm run docs\` from the schemas in \`libs/domain/src/*/events.ts\`, which are the single source of an event's type,
its validation and its published schema: [events.schema.json](events.schema.json) holds a JSON Schema of every version
ever written, as \`$defs/<type>.<version>\`.

A stream is one thing's history. An event never changes; a correction is another event. Old versions are upcast when
they are read, and a type or version that this program does not know is an error that names it, never passed over.

Every event has metadata, all texts: \`commandId\` (the Idempotency-Key), \`requestHash\` (what the command asked for),
\`actor\`, \`role\`, \`source\` (ui, scanner, api, import), \`occurredAt\` (when it happened in the plant, as told),
\`correlationId\`, \`causationId\`, \`schemaVersion\`, \`traceparent\` if the request had one, and on the first event of the
stream that a command is about \`streams\`, all that it wrote to. \`recordedAt\`, when the store took it, is the store's own.
`

const types = Object.keys(allEvents) as PlantFact['type'][]

/** Every stream with its events: version, fields, and one of them in the words of a timeline. */
export function eventsPage(): string {
  const byStream = Map.groupBy(types, (type) => streamOf(exampleOf(type)).split('-', 1)[0]!)
  const parts = [...byStream].map(([stream, ofStream]) => {
    const [named] = ofStream
    return `## ${stream}\n\nOne is called, for example, ${code(streamOf(exampleOf(named!)))}.\n\n${table(
      ['event', 'version', 'fields', 'one of them, in words'],
      ofStream.map((type) => [code(type), String(currentVersion(type)), fieldsOf(type), inWords(exampleOf(type))]),
    )}\n`
  })
  return [HEAD, ...parts].join('\n')
}

/** JSON Schema of every version of every event. */
export function eventsSchema(): string {
  const defs = types.flatMap((type) =>
    allEvents[type].history.map((schema, i) => {
      const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'output' })
      return [`${type}.${i + 1}`, json] as const
    }),
  )
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Events of Coiltrail',
    description: 'The data of every version of every event, as $defs/<type>.<version>.',
    $defs: Object.fromEntries(defs),
  }
  return `${JSON.stringify(schema, null, 2)}\n`
}

const exampleOf = (type: PlantFact['type']) => ({ type, data: everyFact[type] }) as PlantFact

function fieldsOf(type: PlantFact['type']): string {
  const { properties = {}, required = [] } = z.toJSONSchema(allEvents[type].schema, { io: 'output' })
  return Object.keys(properties)
    .map((field) => (required.includes(field) ? field : `${field}?`))
    .join(', ')
}
