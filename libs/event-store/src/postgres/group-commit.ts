/**
 * Appends of one process wait in a queue; all that wait go to the server together, in one statement and one commit,
 * and each caller is answered for itself. See docs/decisions/0001-group-commit.md.
 */
import type pg from 'pg'
import { type Draft, InvalidAppendError, recorded } from '../draft.js'
import {
  type Appended,
  type Position,
  type RecordedEvent,
  type Revision,
  StoreUnavailableError,
} from '../event-store.js'
import { type Plan, planBatch } from './batch.js'
import { connectionBroke, unavailable, valuesRefused } from './errors.js'
import { WriterConnection, type Written } from './writer-connection.js'

/** Bounds of one batch, so that one commit stays short; a single append may be larger. */
const BATCH = { appends: 1_000, events: 10_000, bytes: 16_000_000 }
const MOST_WAITING = 20_000
/** How long an append waits for a server that is away: a restart of PostgreSQL passes unnoticed. */
const PATIENCE_MS = 5_000
const RETRY_MS = 100

interface Waiting {
  readonly drafts: readonly Draft[]
  readonly events: number
  readonly bytes: number
  readonly until: number
  readonly resolve: (appended: Appended) => void
  readonly reject: (error: Error) => void
  /** A batch with this append in it was refused by the server: it goes without company now. */
  readonly alone?: boolean
}

interface Outcome {
  readonly plan: Plan<Waiting>
  /** Left out where the whole batch was refused. */
  readonly written: Written | undefined
}

export class GroupCommit {
  #queue: Waiting[] = []
  /** Sent on a connection that broke before it answered: recorded or not, nobody knows yet. */
  #unsettled: { appends: readonly Waiting[]; by: string } | undefined
  #connection: WriterConnection | undefined
  #running: Promise<void> | undefined
  #closed = false

  constructor(
    private readonly settings: pg.PoolOptions,
    private readonly onRecorded: (head: Position) => void,
  ) {}

  append(drafts: readonly Draft[], events: number, bytes: number): Promise<Appended> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new StoreUnavailableError('the event store is closed')
      if (this.#queue.length >= MOST_WAITING) {
        throw new StoreUnavailableError(`${MOST_WAITING} appends are waiting already: nothing was recorded`)
      }
      this.#queue.push({ drafts, events, bytes, until: Date.now() + PATIENCE_MS, resolve, reject })
      this.#running ??= this.#run()
    })
  }

  /** Records what waits, then lets go of the connection. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#running
    await this.#connection?.close().catch(() => {})
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0 || this.#unsettled) {
      // Those just answered append again in this turn of the event loop: they shall be in the next batch together.
      await new Promise(setImmediate)
      try {
        const connection = await this.#connected()
        if (this.#unsettled) await this.#settle(connection)
        const batch = this.#takeBatch()
        if (batch.length > 0) await this.#record(connection, batch)
      } catch (error) {
        this.#connection?.abandon()
        this.#connection = undefined
        if (this.#giveUpOverdue(error)) await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    }
    this.#running = undefined
  }

  async #connected(): Promise<WriterConnection> {
    if (this.#connection && !this.#connection.broken) return this.#connection
    const connection = new WriterConnection(this.settings)
    this.#connection = connection
    await connection.open()
    return connection
  }

  #takeBatch(): Waiting[] {
    let count = 0
    let events = 0
    let bytes = 0
    for (const waiting of this.#queue) {
      events += waiting.events
      bytes += waiting.bytes
      const full = count === BATCH.appends || events > BATCH.events || bytes > BATCH.bytes || waiting.alone
      if (count > 0 && full) break
      count++
      if (waiting.alone) break
    }
    return this.#queue.splice(0, count)
  }

  /** Answers every append of the batch, or throws because the connection broke. */
  async #record(connection: WriterConnection, batch: readonly Waiting[]): Promise<void> {
    let outcome: Outcome
    try {
      outcome = (await presume(connection, batch)) ?? (await lookFirst(connection, batch))
    } catch (error) {
      if (!connectionBroke(error)) return this.#refuse(batch, error)
      this.#unsettled = { appends: batch, by: connection.name }
      throw error
    }
    this.#answer(outcome)
  }

  /** Where the server refused a batch for what one append of it holds, the others shall not suffer for it. */
  #refuse(batch: readonly Waiting[], error: unknown): void {
    if (!valuesRefused(error)) {
      for (const { reject } of batch) reject(unavailable('nothing was recorded', error))
    } else if (batch.length === 1) {
      const why = `the append cannot be recorded: ${(error as Error).message}`
      batch[0]!.reject(new InvalidAppendError(why, { cause: error }))
    } else {
      this.#queue = [...batch.map((append) => ({ ...append, alone: true })), ...this.#queue]
    }
  }

  #answer({ plan, written }: Outcome): void {
    for (const { append, conflict } of plan.refused) append.reject(conflict)
    if (!written) return
    const last = new Map(plan.streams.map((stream, i) => [stream, written.bases[i]!]))
    let position = written.head
    for (const append of plan.accepted) {
      const events: RecordedEvent[] = []
      const revisions = new Map<string, Revision>()
      for (const { stream, events: drafts } of append.drafts) {
        let revision = last.get(stream)!
        for (const draft of drafts) {
          events.push(
            recorded(draft, { stream, revision: ++revision, position: ++position, recordedAt: written.recordedAt }),
          )
        }
        last.set(stream, revision)
        revisions.set(stream, revision)
      }
      append.resolve({ position, revisions, events })
    }
    this.onRecorded(position)
  }

  /** Those of the broken batch that were recorded are acknowledged; the others surely were not, and go again. */
  async #settle(connection: WriterConnection): Promise<void> {
    const { appends, by } = this.#unsettled!
    const ids = appends.flatMap((append) => append.drafts.flatMap((draft) => draft.events.map((event) => event.id)))
    const found = await connection.recordedBy(by, ids)
    this.#unsettled = undefined
    const again: Waiting[] = []
    for (const append of appends) {
      const { stream, events: drafts } = append.drafts[0]!
      if (found.get(drafts[0]!.id)?.stream !== stream) {
        again.push(append)
        continue
      }
      const events = append.drafts.flatMap((draft) =>
        draft.events.map((event) => recorded(event, found.get(event.id)!)),
      )
      const revisions = new Map(events.map((event) => [event.stream, event.revision]))
      const { position } = events.at(-1)!
      append.resolve({ position, revisions, events })
      this.onRecorded(position)
    }
    this.#queue = [...again, ...this.#queue]
  }

  /** @returns whether anybody still waits */
  #giveUpOverdue(error: unknown): boolean {
    const now = Date.now()
    if (this.#unsettled?.appends.every((append) => append.until <= now)) {
      for (const { reject } of this.#unsettled.appends) {
        reject(unavailable('the connection broke while recording: the events may be recorded or not', error))
      }
      this.#unsettled = undefined
    }
    const patient = this.#queue.filter((append) => append.until > now)
    for (const append of this.#queue) {
      if (append.until <= now) append.reject(unavailable('the event store is away: nothing was recorded', error))
    }
    this.#queue = patient
    return patient.length > 0 || this.#unsettled !== undefined
  }
}

/** One round trip, where every stream is where its writer presumes it to be: the usual case. */
async function presume(connection: WriterConnection, batch: readonly Waiting[]): Promise<Outcome | undefined> {
  const plan = planBatch(batch)
  const written = plan && (await connection.write(batchOf(plan)))
  return written && { plan, written }
}

/** Some stream is elsewhere: look, decide and write with the lock held throughout. */
function lookFirst(connection: WriterConnection, batch: readonly Waiting[]): Promise<Outcome> {
  const streams = new Set(batch.flatMap((append) => append.drafts.map((draft) => draft.stream)))
  return connection.locked([...streams], async (known) => {
    const plan = planBatch(batch, known)!
    return { plan, written: plan.accepted.length > 0 ? await connection.write(batchOf(plan)) : undefined }
  })
}

function batchOf(plan: Plan<Waiting>) {
  const events = plan.accepted.flatMap((append) => append.drafts.flatMap((draft) => draft.events))
  return {
    ...plan,
    ids: events.map((event) => event.id),
    types: events.map((event) => event.type),
    data: events.map((event) => event.data),
    metadata: events.map((event) => event.metadata),
  }
}
