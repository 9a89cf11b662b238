/**
 * What every adapter does with an append before it stores anything: refuse what is beyond the limits, give each
 * event its id, and fix its JSON, so that what is stored is what is answered.
 */
import { randomFillSync } from 'node:crypto'
import type { Expected, RecordedEvent, Revision, StreamWrite } from './event-store.js'

/** Far above what a plant writes, and low enough that one append can neither fill the memory nor stop the others. */
export const LIMITS = {
  /** UTF-8 bytes of one event's data and metadata as JSON; KurrentDB's default limit is near it. */
  eventBytes: 1_000_000,
  eventsPerAppend: 10_000,
  /** UTF-8 bytes of all events of one append. */
  appendBytes: 32_000_000,
  streamName: 200,
  typeName: 100,
} as const

/** The append itself is wrong, not the state of the store: the same call can never go through. Nothing was written. */
export class InvalidAppendError extends Error {
  override readonly name = 'InvalidAppendError'
}

/** Beyond `LIMITS`: well-formed, but more than is stored at once. Its parts might go through. */
export class AppendTooLargeError extends InvalidAppendError {}

export interface DraftEvent {
  readonly id: string
  readonly type: string
  /** JSON text. */
  readonly data: string
  /** JSON text. */
  readonly metadata: string
}

export interface Draft {
  readonly stream: string
  readonly expected: Expected
  readonly events: readonly DraftEvent[]
}

/** @throws InvalidAppendError naming the stream, the event and the limit */
export function draftsOf(writes: readonly StreamWrite[]): { drafts: Draft[]; events: number; bytes: number } {
  if (writes.length === 0) throw new InvalidAppendError('an append needs at least one stream')
  const streams = new Set<string>()
  let events = 0
  let bytes = 0
  const drafts = writes.map(({ stream, expected, events: given }) => {
    checkName(stream, 'stream name', LIMITS.streamName)
    if (stream.startsWith('$')) throw new InvalidAppendError(`stream ${stream}: names in $ belong to the store`)
    if (streams.has(stream)) throw new InvalidAppendError(`stream ${stream} appears twice in one append`)
    streams.add(stream)
    checkExpected(stream, expected)
    if (given.length === 0) throw new InvalidAppendError(`stream ${stream}: no events to append`)
    events += given.length
    if (events > LIMITS.eventsPerAppend) {
      throw new AppendTooLargeError(`more than ${LIMITS.eventsPerAppend} events in one append`)
    }
    const drafted = given.map((event, index) => {
      const where = `stream ${stream}, event ${index}`
      checkName(event.type, `${where}: type`, LIMITS.typeName)
      const data = jsonOf(event.data, `${where}: data`)
      const metadata = metadataOf(event.metadata, where)
      const size = Buffer.byteLength(data) + Buffer.byteLength(metadata)
      if (size > LIMITS.eventBytes) {
        throw new AppendTooLargeError(`${where} (${event.type}) has ${size} bytes, the limit is ${LIMITS.eventBytes}`)
      }
      bytes += size
      return { id: idOf(event.id, where), type: event.type, data, metadata }
    })
    if (bytes > LIMITS.appendBytes) {
      throw new AppendTooLargeError(`more than ${LIMITS.appendBytes} bytes of events in one append`)
    }
    return { stream, expected, events: drafted }
  })
  return { drafts, events, bytes }
}

/** The event as a reader will see it: parsed from what is stored, not the caller's own object. */
export function recorded(
  draft: DraftEvent,
  at: { stream: string; revision: Revision; position: bigint; recordedAt: Date },
): RecordedEvent {
  return {
    id: draft.id,
    stream: at.stream,
    revision: at.revision,
    position: at.position,
    type: draft.type,
    data: JSON.parse(draft.data),
    metadata: JSON.parse(draft.metadata),
    recordedAt: at.recordedAt,
  }
}

function checkName(name: unknown, what: string, most: number): void {
  if (typeof name !== 'string' || name.length === 0) throw new InvalidAppendError(`${what} is empty`)
  if (name.length > most) throw new InvalidAppendError(`${what} has ${name.length} characters, the limit is ${most}`)
  if (/\p{Cc}|\p{Cs}/u.test(name) || name !== name.trim()) {
    throw new InvalidAppendError(`${what} ${JSON.stringify(name)} has control characters or outer blanks`)
  }
}

function checkExpected(stream: string, expected: Expected): void {
  if (expected === 'none' || expected === 'any') return
  if (!Number.isInteger(expected) || expected < 0 || expected > 0x7fffffff) {
    throw new InvalidAppendError(`stream ${stream}: ${String(expected)} is no revision`)
  }
}

function jsonOf(data: object, what: string): string {
  if (typeof data !== 'object' || data === null) throw new InvalidAppendError(`${what} is not an object`)
  let json: string | undefined
  try {
    json = JSON.stringify(data)
    // Only a text with a null in it can hide a number that JSON cannot say; the slow look is for those alone.
    if (json?.includes('null')) JSON.stringify(data, refuseSilentNull)
  } catch (fault) {
    throw new InvalidAppendError(`${what} cannot be written as JSON: ${(fault as Error).message}`)
  }
  if (json?.[0] !== '{' && json?.[0] !== '[') throw new InvalidAppendError(`${what} is not an object as JSON`)
  return json
}

/** JSON turns NaN, Infinity and a hole in a list into null without a word: a fact would be altered. */
function refuseSilentNull(this: unknown, key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${key} is ${value}`)
  if (value === undefined && Array.isArray(this)) throw new Error(`item ${key} of a list is undefined`)
  return value
}

function metadataOf(metadata: object | undefined, where: string): string {
  if (metadata === undefined) return '{}'
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    throw new InvalidAppendError(`${where}: metadata is not an object`)
  }
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') throw new InvalidAppendError(`${where}: metadata ${key} is not a string`)
  }
  return JSON.stringify(metadata)
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function idOf(id: string | undefined, where: string): string {
  if (id === undefined) return newEventId()
  if (!UUID.test(id)) throw new InvalidAppendError(`${where}: id ${JSON.stringify(id)} is not a UUID`)
  return id.toLowerCase()
}

const random = Buffer.alloc(16 * 256)
let used = random.length

/** UUID version 7 (RFC 9562): begins with the time, so that new ids fall at the right edge of the store's index. */
function newEventId(): string {
  if (used === random.length) {
    randomFillSync(random)
    used = 0
  }
  const at = used
  used += 16
  random.writeUIntBE(Date.now(), at, 6)
  random[at + 6] = (random[at + 6]! & 0x0f) | 0x70
  random[at + 8] = (random[at + 8]! & 0x3f) | 0x80
  const hex = random.toString('hex', at, used)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
