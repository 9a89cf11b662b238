import { randomUUID } from 'node:crypto'
import { currentVersion, type PlantFact } from '#domain/events'
import { isUnconditional, streamOf } from '#domain/streams'
import type { StreamWrite } from '#event-store/event-store'
import type { History } from './history.js'

/** Groups facts by stream, in the order of the decision; the subject's first event names all streams written. */
export function writesOf(
  facts: readonly PlantFact[],
  history: History,
  subject: string,
  metadataOf: (fact: PlantFact) => Readonly<Record<string, string>>,
): StreamWrite[] {
  const byStream = Map.groupBy(facts, streamOf)
  const own = byStream.get(subject)
  if (!own) throw new Error(`a decision writes nothing to its subject ${subject}`)
  const streams = JSON.stringify([...byStream.keys()])
  return [...byStream].map(([stream, ofStream]) => ({
    stream,
    expected: ofStream.every(isUnconditional) ? 'any' : history.expected(stream, { subject: stream === subject }),
    events: ofStream.map((fact) => ({
      id: randomUUID(),
      type: fact.type,
      data: fact.data,
      metadata: {
        ...metadataOf(fact),
        schemaVersion: String(currentVersion(fact.type)),
        ...(fact === own[0] && { streams }),
      },
    })),
  }))
}
