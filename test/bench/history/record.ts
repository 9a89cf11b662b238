/** Facts as the command pipeline would record them. */
import { currentVersion } from '#domain/events'
import { streamOf } from '#domain/streams'
import type { EventStore, EventToAppend, StreamWrite } from '#event-store/event-store'
import { eventMetadata } from '../append.js'
import type { Happening } from './lying-coil.js'

/** How many appends wait together: the store commits them as one. */
const AT_ONCE = 8

/** @returns how many events there are now */
export async function recordHistory(store: EventStore, history: Iterable<Happening>): Promise<number> {
  let events = 0
  let waiting: Promise<unknown>[] = []
  for (const happening of history) {
    if (happening.facts.length === 0) continue
    events += happening.facts.length
    waiting.push(store.append(writesOf(happening)))
    if (waiting.length < AT_ONCE) continue
    await Promise.all(waiting)
    waiting = []
  }
  await Promise.all(waiting)
  return events
}

export function writesOf({ facts, occurredAt }: Happening): StreamWrite[] {
  const metadata = eventMetadata(occurredAt.toISOString())
  return [...Map.groupBy(facts, streamOf)].map(([stream, ofStream]) => ({
    stream,
    expected: 'any',
    events: ofStream.map(({ type, data }): EventToAppend => {
      return { type, data, metadata: { ...metadata, schemaVersion: String(currentVersion(type)) } }
    }),
  }))
}
