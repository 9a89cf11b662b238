/** An app of the read side, and a history for it to read: facts recorded as commands would record them. */
import type { Type } from '@nestjs/common'
import { currentVersion, type PlantFact } from '#domain/events'
import { streamOf } from '#domain/streams'
import type { EventStore } from '#event-store/event-store'
import { EVENT_STORE } from '#platform/store'
import { type TestApp, type TestAppOptions, testApp } from './app.js'

export interface ReadSide extends TestApp {
  readonly store: EventStore
  /** Records facts, in this order, all told to have happened at this time. Answers the position of the last. */
  happened(at: string, ...facts: readonly PlantFact[]): Promise<bigint>
  /** Asks with all that has happened so far; throws what is not answered with 200. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads answers as a client without types would.
  ask(path: string): Promise<any>
}

export async function readSide(module: Type, options: Omit<TestAppOptions, 'module'> = {}): Promise<ReadSide> {
  const app = await testApp({ ...options, module })
  const store = app.app.get<EventStore>(EVENT_STORE)
  let token = 0n
  return {
    ...app,
    store,
    async happened(at, ...facts) {
      for (const { stream, events } of writesOf(at, facts)) {
        const { position } = await store.append([{ stream, expected: 'any', events }])
        token = position
      }
      return token
    },
    async ask(path) {
      const { status, body } = await app.http.get(`${path}${path.includes('?') ? '&' : '?'}after=${token}`)
      if (status !== 200) throw new Error(`${path} was answered with ${status}: ${JSON.stringify(body)}`)
      return body
    },
  }
}

/** Neighbours of one stream go together: a history of thousands is recorded in a moment. */
function writesOf(at: string, facts: readonly PlantFact[]) {
  const occurredAt = new Date(at).toISOString()
  const writes: { stream: string; events: { type: string; data: object; metadata: Record<string, string> }[] }[] = []
  for (const fact of facts) {
    const stream = streamOf(fact)
    const metadata = {
      occurredAt,
      schemaVersion: String(currentVersion(fact.type)),
      actor: 'Ana Popescu',
      role: 'operator',
      source: 'scanner',
    }
    const event = { type: fact.type, data: fact.data, metadata }
    const last = writes.at(-1)
    if (last?.stream === stream) last.events.push(event)
    else writes.push({ stream, events: [event] })
  }
  return writes
}
