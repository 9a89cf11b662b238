import { setTimeout as sleep } from 'node:timers/promises'
import { Inject, Injectable } from '@nestjs/common'
import type { Given } from '#domain/given'
import { refuse } from '#domain/refusal'
import { type StreamKind, streamOf } from '#domain/streams'
import { ConflictError, type EventStore, type RecordedEvent, type StreamWrite } from '#event-store/event-store'
import { Clock } from '#platform/clock'
import { Problem } from '#platform/problems/problem'
import { EVENT_STORE } from '#platform/store'
import { AlreadyDone, FoldedStreams, History } from './history.js'
import { requireInScope } from './key-scope.js'
import { outcome } from './outcome.js'
import type { Outcome, PlantCommand, Told } from './plant-command.js'
import { QueueFirst, Turns } from './turns.js'
import { type Decide, type Work, workOf } from './work.js'
import { writesOf } from './writes.js'

/** How often a decision is made anew when somebody else was quicker; then 409. */
const MOST_TRIES = 10

/** No Idempotency-Key is so short. */
const NO_COMMAND = ''

/** Clocks of tablets and scanners run a little fast: what they tell happened now. Rule 9: nothing is later than that. */
const CLOCK_SKEW_MS = 60_000

/**
 * The one way from a command to recorded facts: read, already done?, decide, append, answer.
 * A command that was done before answers its first outcome; one that loses a race decides again.
 */
@Injectable()
export class CommandPipeline {
  readonly #streams: FoldedStreams
  readonly #turns = new Turns()

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly clock: Clock,
  ) {
    this.#streams = new FoldedStreams(store)
  }

  /**
   * @throws Refused with every rule broken; Problem 412 when `If-Match` no longer holds; ConflictError after too many
   * lost races; StoreUnavailableError.
   */
  async run<State>(command: PlantCommand<Told>, kind: StreamKind<State>, id: string, decide: Decide): Promise<Outcome> {
    const work = workOf(command, { kind: kind as StreamKind<unknown>, id }, decide)
    const queued = new Set<string>()
    let lost: ConflictError | undefined
    for (let tries = 0; tries < MOST_TRIES; ) {
      const pass = await this.#turns.take(queued)
      try {
        return await this.#once(work, queued)
      } catch (error) {
        if (error instanceof AlreadyDone) return await this.#replay(error, work)
        if (error instanceof QueueFirst) {
          for (const stream of error.streams) queued.add(stream)
          continue
        }
        if (!(error instanceof ConflictError)) throw error
        lost = error
        queued.add(lost.stream)
      } finally {
        pass()
      }
      // Another process may want the same, and knows nothing of our queue.
      await sleep(Math.random() * 4 * ++tries)
    }
    throw lost
  }

  /** What is known of a thing before anything is decided about it. @throws Refused `unknown-<thing>` */
  get<State>(kind: StreamKind<State>, id: string): Promise<State> {
    return new History(this.#streams, NO_COMMAND).get(kind, id)
  }

  async #once(work: Work, queued: ReadonlySet<string>): Promise<Outcome> {
    const { request, subject, asks } = work
    const history = new History(this.#streams, request.commandId)
    await history.find(subject.kind, [subject.id])
    if (asks) await history.find(asks.kind, [asks.id])
    const stream = subject.kind.stream(subject.id)
    assertMatches(request.ifMatch, history.revisionOf(stream))
    const given = this.#given(work)
    const { facts, asked } = await work.decide(history, given)
    requireInScope(request.actor, facts, (stream) => history.stateOf(stream))
    if (facts.length === 0) {
      return outcome(request, stream, history.revisionOf(stream) ?? null, [], await this.store.head(), false)
    }
    const about = asked ? streamOf(asked) : stream
    const metadata = metadataOf(work, given)
    const writes = writesOf(asked ? [asked] : facts, history, about, (fact) => ({
      ...metadata,
      ...work.onBehalf?.(fact),
    }))
    this.#requireTurns(writes, queued)
    const appended = await this.store.append(writes)
    const revision = appended.revisions.get(about) ?? history.revisionOf(about) ?? null
    return outcome(request, about, revision, appended.events, appended.position, false)
  }

  /** @throws QueueFirst where others queue for a stream that this is guarded on. */
  #requireTurns(writes: readonly StreamWrite[], queued: ReadonlySet<string>): void {
    const streams = writes
      .filter(({ stream, expected }) => typeof expected === 'number' && !queued.has(stream))
      .map(({ stream }) => stream)
      .filter((stream) => this.#turns.areQueuedFor(stream))
    if (streams.length > 0) throw new QueueFirst(streams)
  }

  #given({ request, told: when }: Work): Given {
    const now = this.clock.now()
    const told = when ? new Date(when) : now
    if (told.getTime() > now.getTime() + CLOCK_SKEW_MS) {
      refuse(
        'occurred-in-the-future',
        `this is said to happen at ${told.toISOString()}, which is still to come`,
        { occurredAt: when, now: now.toISOString() },
        '/occurredAt',
      )
    }
    const occurredAt = new Date(Math.min(told.getTime(), now.getTime()))
    return { now, occurredAt: occurredAt.toISOString(), actor: request.actor.name, commandId: request.commandId }
  }

  /** The first outcome again, from the events that carry the command's id in all the streams that it wrote. */
  async #replay(done: AlreadyDone, { request, requestHash, subject, asks }: Work): Promise<Outcome> {
    const { commandId } = request
    if (done.requestHash !== requestHash) {
      refuse(
        'idempotency-key-reused',
        `the Idempotency-Key ${commandId} was used before, for another command; a new command needs a new key`,
        { idempotencyKey: commandId, stream: done.stream },
      )
    }
    const about = asks?.kind.stream(asks.id) === done.stream ? asks : subject
    const stream = about.kind.stream(about.id)
    // A client may have used the key for another thing as well, which left its facts in the same bay.
    const isOfThis = ({ metadata }: RecordedEvent) =>
      metadata.commandId === commandId && metadata.requestHash === requestHash
    const own = (await this.store.readMany([{ stream }])).get(stream) ?? []
    const streams: string[] = JSON.parse(own.find(isOfThis)?.metadata.streams ?? '[]')
    const histories = await this.store.readMany(streams.map((name) => ({ stream: name })))
    const events = streams
      .flatMap((name) => histories.get(name) ?? [])
      .filter(isOfThis)
      .sort((a, b) => (a.position < b.position ? -1 : 1))
    const last = events.at(-1)
    if (!last) throw new Error(`command ${commandId} is in ${done.stream}, but its events are not found`)
    const revision = events.findLast((event) => event.stream === stream)?.revision ?? null
    return outcome(request, stream, revision, events, last.position, true)
  }
}

const metadataOf = ({ request, requestHash }: Work, { occurredAt }: Given): Readonly<Record<string, string>> => ({
  commandId: request.commandId,
  requestHash,
  actor: request.actor.name,
  role: request.actor.role,
  source: request.actor.source,
  occurredAt,
  correlationId: request.correlationId,
  causationId: request.commandId,
  ...(request.traceparent && { traceparent: request.traceparent }),
})

function assertMatches(ifMatch: number | undefined, revision: number | undefined): void {
  if (ifMatch === undefined || ifMatch === revision) return
  throw new Problem(
    412,
    'changed-since-read',
    `You acted on revision ${ifMatch}, but it is at revision ${revision ?? 'none'} now. Look again before you decide.`,
    { values: { ifMatch, revision: revision ?? null } },
  )
}
