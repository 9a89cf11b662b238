/** All events after a position, history and then live, in batches, across the server's absences. */
import type { ReadResp } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js'
import type { Position, RecordedEvent } from '../event-store.js'
import { pause } from '../pause.js'
import type { Connection } from './connection.js'
import { faultOf, unavailable } from './errors.js'
import { eventOf } from './event-message.js'
import { allAfter, type Prefixes } from './read-requests.js'

/** The server is held back while so many wait for the reader; consumers are fastest with batches of about this size. */
const BATCH = 1_000
/** History is not handed on in crumbs: a batch waits so long to become full. */
const GATHER_MS = 20
const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 2_000

export async function* followAll(
  connection: Connection,
  prefixes: Prefixes,
  after: Position,
  signal: AbortSignal,
): AsyncIterable<readonly RecordedEvent[]> {
  let seen = after
  let retry = FIRST_RETRY_MS
  while (!signal.aborted) {
    const flow = new Flow(seen, signal)
    try {
      flow.from(connection.read(allAfter(seen, prefixes), { leader: false, within: Infinity }))
      for (let batch = await flow.next(); batch; batch = await flow.next()) {
        retry = FIRST_RETRY_MS
        if (batch.length > 0) yield batch
      }
    } catch (error) {
      const fault = faultOf(error)
      if (fault === 'refused') throw new Error(`position ${seen} is none of this event store's`, { cause: error })
      if (fault === 'too-old' || fault === 'not-authorised')
        throw unavailable('KurrentDB refuses to be followed', error)
    } finally {
      flow.leave()
      seen = flow.passed
    }
    // The server is away: asked again from where we are, until it is back or nobody wants to know.
    await pause(retry, signal)
    retry = Math.min(retry * 2, LAST_RETRY_MS)
  }
}

type Call = Awaited<ReturnType<Connection['read']>>

/** What has come and was not taken yet. */
class Flow {
  #waiting: RecordedEvent[] = []
  /** The last event handed on; further, where the server has passed over others' events and says so. */
  passed: Position
  /** Of the last event that came, or the last checkpoint. */
  #reached: Position
  #live = false
  #over = false
  #left = false
  #fault: unknown
  #wake = () => {}
  #call: Call | undefined

  constructor(
    after: Position,
    private readonly signal: AbortSignal,
  ) {
    this.passed = after
    this.#reached = after
    signal.addEventListener('abort', this.#woken)
  }

  from(calling: Promise<Call>): void {
    calling.then(
      (call) => {
        this.#call = call
        call.on('data', (message: ReadResp) => this.#take(message))
        call.on('error', (error) => this.#end(error))
        call.on('end', () => this.#end(undefined))
        if (this.#left) call.cancel()
      },
      (error) => this.#end(error),
    )
  }

  /** Undefined when nothing more will come; empty after a checkpoint. */
  async next(): Promise<readonly RecordedEvent[] | undefined> {
    await this.#until(() => this.#waiting.length > 0 || this.#reached > this.passed)
    if (!this.#live) await this.#until(() => this.#live || this.#waiting.length >= BATCH, GATHER_MS)
    if (this.signal.aborted) return undefined
    const batch = this.#waiting
    if (batch.length === 0 && this.#over) {
      if (this.#fault) throw this.#fault
      return undefined
    }
    this.#waiting = []
    this.passed = this.#reached
    this.#call?.resume()
    return batch
  }

  leave(): void {
    this.signal.removeEventListener('abort', this.#woken)
    this.#left = true
    this.#call?.cancel()
  }

  #take(message: ReadResp): void {
    const checkpoint = message.getCheckpoint()
    if (checkpoint) this.#reach(BigInt(checkpoint.getCommitPosition()))
    if (message.hasCaughtUp()) this.#live = true
    const event = message.hasEvent() ? eventOf(message) : undefined
    if (event && event.position > this.#reached) {
      this.#reach(event.position)
      this.#waiting.push(event)
      if (this.#waiting.length >= BATCH) this.#call!.pause()
    }
    this.#wake()
  }

  #reach(position: Position): void {
    if (position > this.#reached) this.#reached = position
  }

  #end(fault: unknown): void {
    this.#over = true
    this.#fault ??= fault
    this.#wake()
  }

  readonly #woken = () => this.#wake()

  async #until(holds: () => boolean, atMost?: number): Promise<void> {
    const end = atMost === undefined ? Infinity : Date.now() + atMost
    while (!holds() && !this.#over && !this.signal.aborted && Date.now() < end) {
      await new Promise<void>((resolve) => {
        const timer = atMost === undefined ? undefined : setTimeout(resolve, Math.max(0, end - Date.now()))
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
}
