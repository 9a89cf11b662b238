/** What the cases of the contract share: a store to try, coils to write about, and ways to wait. */
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import {
  ConflictError,
  type EventStore,
  type EventToAppend,
  type Expected,
  type Position,
  type RecordedEvent,
  type StreamWrite,
} from '../event-store.js'

export interface StoreUnderTest {
  readonly store: EventStore
  /** Another instance on the same events, as another process would have; the same one where there can be but one. */
  connect(): Promise<EventStore>
  close(): Promise<void>
}

export const newStream = (): string => `coil-${randomUUID()}`

export function event(type: string, data: object = { type }): EventToAppend {
  return { type, data }
}

export function one(stream: string, expected: Expected, type = 'CoilReceived'): StreamWrite {
  return { stream, expected, events: [event(type)] }
}

export function write(stream: string, given: EventToAppend): StreamWrite {
  return { stream, expected: 'any', events: [given] }
}

export function events(count: number): EventToAppend[] {
  return Array.from({ length: count }, (_, n) => event('CoilMoved', { n }))
}

export async function readAll(store: EventStore, stream: string, from?: number): Promise<RecordedEvent[]> {
  const history: RecordedEvent[] = []
  for await (const event of store.read(stream, from)) history.push(event)
  return history
}

export async function follow(
  store: EventStore,
  after: Position,
  signal: AbortSignal,
  take: (batch: readonly RecordedEvent[]) => unknown,
): Promise<void> {
  for await (const batch of store.subscribe(after, signal)) await take(batch)
}

export function inOrder(seen: readonly RecordedEvent[]): boolean {
  return seen.every((e, i) => i === 0 || e.position > seen[i - 1]!.position)
}

export async function until(holds: () => boolean, ms = 20_000): Promise<void> {
  for (const end = Date.now() + ms; !holds(); await delay(5)) {
    if (Date.now() > end) throw new Error(`waited ${ms} ms in vain for ${holds}`)
  }
}

export async function refusal(appending: Promise<unknown>): Promise<ConflictError> {
  const error = await appending.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ConflictError)
  return error as ConflictError
}

export const of = (stream: string, batch: readonly RecordedEvent[]) => batch.filter((e) => e.stream === stream)
export const count = (seen: readonly RecordedEvent[], ids: ReadonlySet<string>) =>
  seen.filter((e) => ids.has(e.id)).length
