/** The event store in the memory of one process: for unit tests only, gone when the process ends. */
import { type Draft, draftsOf, recorded } from '../draft.js'
import {
  type Appended,
  ConflictError,
  type EventStore,
  type Position,
  type RecordedEvent,
  type Revision,
  START,
  type StreamRead,
  type StreamWrite,
} from '../event-store.js'

const PAGE = 1_000

export class MemoryEventStore implements EventStore {
  readonly #all: RecordedEvent[] = []
  readonly #streams = new Map<string, RecordedEvent[]>()
  readonly #sleepers = new Set<() => void>()

  async append(writes: readonly StreamWrite[]): Promise<Appended> {
    const { drafts } = draftsOf(writes)
    for (const draft of drafts) this.#checkRevision(draft)
    const recordedAt = new Date(Math.max(Date.now(), this.#all.at(-1)?.recordedAt.getTime() ?? 0))
    const revisions = new Map<string, Revision>()
    const events: RecordedEvent[] = []
    for (const { stream, events: drafted } of drafts) {
      const history = this.#streams.get(stream) ?? []
      this.#streams.set(stream, history)
      for (const draft of drafted) {
        const position = BigInt(this.#all.length + 1)
        const event = recorded(draft, { stream, revision: history.length, position, recordedAt })
        history.push(event)
        this.#all.push(event)
        events.push(event)
      }
      revisions.set(stream, history.length - 1)
    }
    for (const wake of this.#sleepers) wake()
    return { position: BigInt(this.#all.length), revisions, events }
  }

  async *read(stream: string, from: Revision = 0): AsyncIterable<RecordedEvent> {
    yield* (this.#streams.get(stream) ?? []).slice(from)
  }

  async readMany(reads: readonly StreamRead[]): Promise<ReadonlyMap<string, readonly RecordedEvent[]>> {
    return new Map(reads.map(({ stream, from = 0 }) => [stream, (this.#streams.get(stream) ?? []).slice(from)]))
  }

  async *subscribe(after: Position, signal: AbortSignal): AsyncIterable<readonly RecordedEvent[]> {
    let seen = Number(after)
    while (!signal.aborted) {
      const page = this.#all.slice(seen, seen + PAGE)
      if (page.length > 0) {
        seen += page.length
        yield page
      } else {
        await this.#untilAppendOr(signal)
      }
    }
  }

  async head(): Promise<Position> {
    return this.#all.at(-1)?.position ?? START
  }

  #checkRevision({ stream, expected }: Draft): void {
    if (expected === 'any') return
    const length = this.#streams.get(stream)?.length ?? 0
    const actual = length === 0 ? 'none' : length - 1
    if (actual !== expected) throw new ConflictError(stream, expected, actual)
  }

  #untilAppendOr(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#sleepers.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#sleepers.add(wake)
      signal.addEventListener('abort', wake)
    })
  }
}
