/** The event store of the distributed profile: KurrentDB (EventStoreDB under its present name), 25.1 or later. */
import { draftsOf } from '../draft.js'
import {
  type Appended,
  type EventStore,
  type Position,
  type RecordedEvent,
  type Revision,
  START,
  StoreUnavailableError,
  type StreamRead,
  type StreamWrite,
} from '../event-store.js'
import { pause } from '../pause.js'
import { Appender } from './appender.js'
import { Connection } from './connection.js'
import { inParallel } from './in-parallel.js'
import type { Prefixes } from './read-requests.js'
import { untilReady } from './readiness.js'
import { StreamReader } from './stream-reader.js'
import { followAll } from './subscription.js'

const READS_AT_ONCE = 16
/** Of appends under way, when the store is closed. */
const FAREWELL_MS = 10_000

export interface OpenOptions extends KurrentDBOptions {
  /** Hears, in a sentence, what is being waited for. */
  readonly say: (sentence: string) => void
  /** Ends the waiting. */
  readonly signal?: AbortSignal
}

/**
 * Waits until the server is reached and led.
 * @throws Error in a sentence, when trying again cannot help: too old, not authorised, no TLS between us
 */
export async function openKurrentDB(
  connectionString: string,
  { say, signal, ...options }: OpenOptions,
): Promise<KurrentDBEventStore> {
  const store = new KurrentDBEventStore(connectionString, options)
  try {
    await untilReady(store, say, signal)
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}

export interface KurrentDBOptions {
  /** On a server that others use too: what the names of our streams begin with. Only such are followed. */
  readonly prefixes?: Prefixes
}

/**
 * `recordedAt` is to the millisecond by the clock of the node that led then; KurrentDB does not keep it from going
 * back when that clock is set back or another node takes over.
 */
export class KurrentDBEventStore implements EventStore {
  /** Hosts and ports, without the credentials. */
  readonly address: string
  readonly #connection: Connection
  readonly #streams: StreamReader
  readonly #appender: Appender
  readonly #prefixes: Prefixes
  readonly #closing = new AbortController()
  /** After appends under way, which are read back. */
  readonly #closed = new AbortController()
  readonly #appending = new Set<Promise<unknown>>()

  /** Connects when first asked; `openKurrentDB` finds out whether the server is there and will do. */
  constructor(connectionString: string, { prefixes = [] }: KurrentDBOptions = {}) {
    this.#connection = new Connection(connectionString)
    this.#streams = new StreamReader(this.#connection, this.#closed.signal)
    this.#appender = new Appender(this.#connection, this.#streams)
    this.#prefixes = prefixes
    this.address = this.#connection.address
  }

  /** Appends under way are answered first; subscriptions end, and questions that are not answered yet. */
  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.race([Promise.allSettled(this.#appending), pause(FAREWELL_MS)])
    this.#closed.abort()
    await this.#connection.close()
  }

  /**
   * @throws InvalidAppendError if the append itself is wrong (AppendTooLargeError also for the server's own limit),
   *   ConflictError if a stream is not where it is expected, StoreUnavailableError if the server was away for seconds;
   *   its message says whether anything can have been recorded
   */
  async append(writes: readonly StreamWrite[]): Promise<Appended> {
    this.#checkOpen()
    const appending = this.#appender.append(draftsOf(writes).drafts)
    this.#appending.add(appending)
    return appending.finally(() => this.#appending.delete(appending))
  }

  async *read(stream: string, from: Revision = 0): AsyncIterable<RecordedEvent> {
    this.#checkOpen()
    yield* this.#streams.read(stream, from)
  }

  async readMany(reads: readonly StreamRead[]): Promise<ReadonlyMap<string, readonly RecordedEvent[]>> {
    const histories = await inParallel(reads, READS_AT_ONCE, async ({ stream, from }) => {
      const history: RecordedEvent[] = []
      for await (const event of this.read(stream, from)) history.push(event)
      return history
    })
    return new Map(reads.map(({ stream }, i) => [stream, histories[i]!]))
  }

  async *subscribe(after: Position, signal: AbortSignal): AsyncIterable<readonly RecordedEvent[]> {
    const ends = AbortSignal.any([signal, this.#closing.signal])
    if (!ends.aborted) yield* followAll(this.#connection, this.#prefixes, after, ends)
  }

  async head(): Promise<Position> {
    this.#checkOpen()
    return (await this.#streams.last(this.#prefixes))?.position ?? START
  }

  /** @throws whatever the client throws, if the server cannot do now what the store needs of it */
  readonly probe = async (): Promise<void> => {
    await this.#connection.tryAppend(`${this.#prefixes[0] ?? ''}start-up-check`)
    await this.head()
  }

  /** As the server tells it, `unknown` if it does not. */
  readonly serverVersion = (): Promise<string> => this.#connection.serverVersion()

  /** What keeps TLS from coming about, in words that follow "KurrentDB at ..."; undefined if nothing does. */
  readonly tlsTrouble = (): Promise<string | undefined> => this.#connection.tlsTrouble()

  #checkOpen(): void {
    if (this.#closing.signal.aborted) throw new StoreUnavailableError('the event store is closed')
  }
}
