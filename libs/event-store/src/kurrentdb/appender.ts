/**
 * Appends, each one multi-stream append of KurrentDB, and what becomes of those that break off in flight: as the ids
 * of the events are ours, the streams tell. See docs/decisions/0012-kurrentdb.md.
 */
import { type Draft, InvalidAppendError } from '../draft.js'
import {
  type Appended,
  ConflictError,
  type RecordedEvent,
  type Revision,
  StoreUnavailableError,
} from '../event-store.js'
import { pause } from '../pause.js'
import { type AppendRequest, requestOf } from './append-requests.js'
import type { Connection } from './connection.js'
import { type Fault, faultOf, refusalOf, unavailable } from './errors.js'
import { inParallel } from './in-parallel.js'
import type { StreamReader } from './stream-reader.js'

/** How long an append waits for a server that is away: a restart or the election of a leader passes unnoticed. */
const PATIENCE_MS = 5_000
const RETRY_MS = 100
/** A server that has stalled shall not use up more than the patience. */
const LOOK_MS = 3_000
const READS_AT_ONCE = 16
/** For the answer to a small append, and so much more for each event of a large one. */
const ANSWER_MS = 10_000
const ANSWER_MS_PER_EVENT = 2
/** How far back a stream is searched for events whose writer did not care for the revision. */
const PAGES_BACK = 20

type Attempt = { readonly appended: Appended } | { readonly fault: Fault; readonly error: unknown }

export class Appender {
  constructor(
    private readonly connection: Connection,
    private readonly streams: StreamReader,
  ) {}

  async append(drafts: readonly Draft[]): Promise<Appended> {
    checkNames(drafts)
    const requests = drafts.map(requestOf)
    let until: number | undefined
    // An attempt has broken off and may have been recorded: nothing is sent again before the streams were looked at.
    let inDoubt = false
    while (true) {
      const attempt = await this.#attempt(drafts, requests, inDoubt)
      if ('appended' in attempt) return attempt.appended
      inDoubt ||= attempt.fault === 'broke'
      until ??= Date.now() + PATIENCE_MS
      if (Date.now() > until) throw givenUp(attempt, inDoubt)
      await pause(RETRY_MS)
      // The client learns who leads now only from a read that a follower refuses.
      if (attempt.fault === 'not-leader') await this.streams.page(drafts[0]!.stream, 0, 1, LOOK_MS).catch(() => {})
    }
  }

  /** @throws the final refusal */
  async #attempt(drafts: readonly Draft[], requests: readonly AppendRequest[], inDoubt: boolean): Promise<Attempt> {
    if (inDoubt) {
      const found = await this.#find(drafts)
      if (found) return found
    }
    let revisions: ReadonlyMap<string, Revision>
    try {
      revisions = await this.connection.append(requests, answeredWithin(drafts))
    } catch (error) {
      const refusal = refusalOf(error, drafts)
      // It is this attempt that was refused; what became of the one before is still not known.
      if (inDoubt && refusal instanceof StoreUnavailableError) return { fault: faultOf(error), error }
      // Perhaps it conflicts with itself: the attempt in doubt was recorded after the look.
      const found = refusal instanceof ConflictError && inDoubt ? await this.#find(drafts) : undefined
      if (found) return found
      if (refusal) throw refusal
      return { fault: faultOf(error), error }
    }
    const firsts = drafts.map(({ stream, events }) => revisions.get(stream)! - events.length + 1)
    return { appended: await this.#readBack(drafts, firsts) }
  }

  /**
   * What an earlier attempt has recorded; undefined if it has not. All streams of an append are written in one
   * transaction, so that each has its events where any has.
   */
  async #find(drafts: readonly Draft[]): Promise<Attempt | undefined> {
    try {
      const firsts = await inParallel(drafts, READS_AT_ONCE, (draft) => this.#firstRevision(draft))
      if (!firsts.every((first) => first !== undefined)) return undefined
      return { appended: await this.#answer(drafts, firsts, LOOK_MS) }
    } catch (error) {
      if (error instanceof StoreUnavailableError) return { fault: 'away', error: error.cause }
      throw error
    }
  }

  async #firstRevision({ stream, expected, events }: Draft): Promise<Revision | undefined> {
    const { id } = events[0]!
    if (expected !== 'any') {
      const revision = expected === 'none' ? 0 : expected + 1
      const [event] = await this.streams.page(stream, revision, 1, LOOK_MS)
      return event?.id === id ? revision : undefined
    }
    let before: Revision | 'end' = 'end'
    for (let page = 0; page < PAGES_BACK && before !== 0; page++) {
      const found: readonly RecordedEvent[] = await this.streams.pageBefore(stream, before, LOOK_MS)
      const event = found.find((candidate) => candidate.id === id)
      if (event) return event.revision
      before = found.at(-1)?.revision ?? 0
    }
    return undefined
  }

  /** The server answers with revisions only; positions and times are read, so that every reader sees the same. */
  async #readBack(drafts: readonly Draft[], firsts: readonly Revision[]): Promise<Appended> {
    for (const until = Date.now() + PATIENCE_MS; ; await pause(RETRY_MS)) {
      try {
        return await this.#answer(drafts, firsts, answeredWithin(drafts))
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) throw error
        if (Date.now() > until) throw unavailable('the events were recorded, but cannot be read back', error)
      }
    }
  }

  /**
   * An append's events stand behind one another in the server's log, also those of many streams: one read from where the
   * first of them is. Undefined if some are not found there.
   */
  async #readInOneGo(places: readonly Place[], within?: number): Promise<RecordedEvent[][] | undefined> {
    const [first] = await this.streams.page(places[0]!.stream, places[0]!.first, 1, within)
    if (first?.id !== places[0]!.events[0]!.id) return undefined
    const count = places.reduce((sum, { events }) => sum + events.length, 0)
    const found = new Map(
      (await this.streams.following(first.position, count, within)).map((event) => [event.id, event]),
    )
    const written = places.map(({ events }) => events.flatMap(({ id }) => found.get(id) ?? []))
    return written.every((events, i) => events.length === places[i]!.events.length) ? written : undefined
  }

  async #answer(drafts: readonly Draft[], firsts: readonly Revision[], within?: number): Promise<Appended> {
    const places = drafts.map((draft, i) => ({ ...draft, first: firsts[i]! }))
    const written =
      (places.length > READS_AT_ONCE ? await this.#readInOneGo(places, within) : undefined) ??
      (await inParallel(places, READS_AT_ONCE, async ({ stream, events, first }) => {
        const found = await this.streams.page(stream, first, events.length, within)
        if (found.length === events.length && found.every(({ id }, i) => id === events[i]!.id)) return found
        throw new Error(`stream ${stream} does not hold what was appended at revision ${first}`)
      }))
    const events = written.flat()
    const revisions = new Map(written.map((found) => [found.at(-1)!.stream, found.at(-1)!.revision]))
    return { position: events.at(-1)!.position, revisions, events }
  }
}

interface Place extends Draft {
  readonly first: Revision
}

/** KurrentDB would call it a timeout, which it is not. */
function checkNames(drafts: readonly Draft[]): void {
  const names = new Set(drafts.map(({ stream }) => stream.toLowerCase()))
  if (names.size === drafts.length) return
  throw new InvalidAppendError(`two streams of ${drafts.length} in one append differ in upper and lower case only`)
}

function givenUp({ error }: { readonly error: unknown }, inDoubt: boolean): StoreUnavailableError {
  return inDoubt
    ? unavailable('the connection broke while recording: the events may be recorded or not', error)
    : unavailable('the event store is away: nothing was recorded', error)
}

const answeredWithin = (drafts: readonly Draft[]) =>
  drafts.reduce((ms, { events }) => ms + events.length * ANSWER_MS_PER_EVENT, ANSWER_MS)
