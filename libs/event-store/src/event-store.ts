/**
 * The port to the event store: streams of facts that are appended, read and followed, never changed.
 * Adapters: `postgres/` (standalone) and `memory/` (unit tests only). `contract.ts` says what each must do.
 */

/** Place of an event in the one order of all events. Unique and increasing; neither dense nor a clock. */
export type Position = bigint

/** Place of an event in its stream: 0 for the first. */
export type Revision = number

/** The position before the first event: subscribe after it to read everything. */
export const START: Position = 0n

/** Flat strings only: KurrentDB takes nothing else in a multi-stream append. */
export type Metadata = Readonly<Record<string, string>>

export interface EventToAppend {
  /** UUID; made by the adapter when left out. */
  readonly id?: string
  readonly type: string
  readonly data: object
  readonly metadata?: Metadata
}

export interface RecordedEvent {
  readonly id: string
  readonly stream: string
  readonly revision: Revision
  readonly position: Position
  readonly type: string
  readonly data: object
  readonly metadata: Metadata
  /** When the store took it, by the store's clock; never earlier than that of a smaller position. */
  readonly recordedAt: Date
}

/** A revision that the stream must have, `none` if it must not exist yet, `any` if the writer does not care. */
export type Expected = Revision | 'none' | 'any'

export interface StreamWrite {
  readonly stream: string
  readonly expected: Expected
  /** At least one. */
  readonly events: readonly EventToAppend[]
}

export interface Appended {
  /** Position of the last event written: a reader that has seen it has seen this append. */
  readonly position: Position
  /** The new last revision of every stream written. */
  readonly revisions: ReadonlyMap<string, Revision>
  /** The events as recorded, in the order of the writes. */
  readonly events: readonly RecordedEvent[]
}

export interface StreamRead {
  readonly stream: string
  /** First revision wanted; 0 when left out. */
  readonly from?: Revision
}

export interface EventStore {
  /** Atomic over all its streams: every event is recorded, or none. A stream appears in `writes` at most once. */
  append(writes: readonly StreamWrite[]): Promise<Appended>
  /** One stream, in order; nothing if there is no such stream. */
  read(stream: string, from?: Revision): AsyncIterable<RecordedEvent>
  /** Several streams at once, each in order; a stream that does not exist gives an empty list. */
  readMany(reads: readonly StreamRead[]): Promise<ReadonlyMap<string, readonly RecordedEvent[]>>
  /**
   * All streams after a position: history, then live, in batches that are never empty, until `signal` aborts.
   * Every event comes once, in position order.
   */
  subscribe(after: Position, signal: AbortSignal): AsyncIterable<readonly RecordedEvent[]>
  /** Position of the last event recorded, START if there is none. */
  head(): Promise<Position>
}

/** A stream is not at the revision that the writer expected. Nothing was written. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError'
  constructor(
    readonly stream: string,
    readonly expected: Expected,
    readonly actual: Revision | 'none',
  ) {
    super(`stream ${stream} is at revision ${actual}, not at ${expected} as expected`)
  }
}

/** The event store cannot be reached or cannot answer now; the same call may go through later. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError'
}
