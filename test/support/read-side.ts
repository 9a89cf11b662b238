/** An app of the read side, and a history for it to read: facts recorded as commands would record them. */
import type { Type } from '@nestjs/common'
import { currentVersion, type PlantFact } from '#domain/events'
import { streamOf } from '#domain/streams'
import type { EventStore, EventToAppend, StreamWrite } from '#event-store/event-store'
import { EVENT_STORE } from '#platform/store'
import { type TestApp, type TestAppOptions, testApp } from './app.js'

const MOST_STREAMS = 500

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
      for (const writes of writesOf(at, facts)) token = (await store.append(writes)).position
      return token
    },
    async ask(path) {
      const { status, body } = await app.http.get(`${path}${path.includes('?') ? '&' : '?'}after=${token}`)
      if (status !== 200) throw new Error(`${path} was answered with ${status}: ${JSON.stringify(body)}`)
      return body
    },
  }
}

/** A stream appears in an append once, and facts keep their order: as many go together as that allows. */
function writesOf(at: string, facts: readonly PlantFact[]): StreamWrite[][] {
  const occurredAt = new Date(at).toISOString()
  const appends: Map<string, EventToAppend[]>[] = []
  let last = ''
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
    let append = appends.at(-1)
    if (!append || append.size >= MOST_STREAMS || (append.has(stream) && last !== stream)) {
      append = new Map()
      appends.push(append)
    }
    append.set(stream, [...(append.get(stream) ?? []), event])
    last = stream
  }
  return appends.map((append) => [...append].map(([stream, events]) => ({ stream, expected: 'any', events })))
}
