import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Inject, Injectable } from '@nestjs/common'
import { currentVersion, type PlantFact } from '#domain/events'
import type { Given } from '#domain/given'
import { refuse } from '#domain/refusal'
import { isUnconditional, type StreamKind, streamOf } from '#domain/streams'
import { ConflictError, type EventStore, type RecordedEvent, type StreamWrite } from '#event-store/event-store'
import { Clock } from '#platform/clock'
import { Problem } from '#platform/problems/problem'
import { EVENT_STORE } from '#platform/store'
import { AlreadyDone, FoldedStreams, History } from './history.js'
import { requireInScope } from './key-scope.js'
import type { Outcome, PlantCommand, Told } from './plant-command.js'
import { QueueFirst, Turns } from './turns.js'

/** How often a decision is made anew when somebody else was quicker; then 409. */
const MOST_TRIES = 10

/** Clocks of tablets and scanners run a little fast: what they tell happened now. Rule 9: nothing is later than that. */
const CLOCK_SKEW_MS = 60_000

/** The thing that a command is about: its stream is always read and written, and its revision is the ETag. */
export interface Subject {
  readonly kind: StreamKind<unknown>
  readonly id: string
}

/** What a command decides: from the history it reads and what is given, the facts to record. Pure but for the reads. */
export type Decide = (history: History, given: Given) => Promise<readonly PlantFact[]>

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
    const subject = { kind: kind as StreamKind<unknown>, id }
    const requestHash = hashOf(command)
    const queued = new Set<string>()
    let lost: ConflictError | undefined
    for (let tries = 0; tries < MOST_TRIES; ) {
      const pass = await this.#turns.take(queued)
      try {
        return await this.#once(command, requestHash, subject, decide, queued)
      } catch (error) {
        if (error instanceof AlreadyDone) return await this.#replay(error, requestHash, command, subject)
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

  async #once(
    command: PlantCommand<Told>,
    requestHash: string,
    subject: Subject,
    decide: Decide,
    queued: ReadonlySet<string>,
  ): Promise<Outcome> {
    const { request } = command
    const history = new History(this.#streams, request.commandId)
    await history.find(subject.kind, [subject.id])
    const stream = subject.kind.stream(subject.id)
    assertMatches(request.ifMatch, history.revisionOf(stream))
    const given = this.#given(command)
    const facts = await decide(history, given)
    requireInScope(request.actor, facts, (stream) => history.stateOf(stream))
    if (facts.length === 0) {
      return outcome(command, stream, history.revisionOf(stream) ?? null, [], await this.store.head(), false)
    }
    const metadata = {
      commandId: request.commandId,
      requestHash,
      actor: request.actor.name,
      role: request.actor.role,
      source: request.actor.source,
      occurredAt: given.occurredAt,
      correlationId: request.correlationId,
      causationId: request.commandId,
      ...(request.traceparent && { traceparent: request.traceparent }),
    }
    const writes = writesOf(facts, history, stream, metadata)
    this.#requireTurns(writes, queued)
    const appended = await this.store.append(writes)
    const revision = appended.revisions.get(stream) ?? history.revisionOf(stream) ?? null
    return outcome(command, stream, revision, appended.events, appended.position, false)
  }

  /** @throws QueueFirst where others queue for a stream that this is guarded on. */
  #requireTurns(writes: readonly StreamWrite[], queued: ReadonlySet<string>): void {
    const streams = writes
      .filter(({ stream, expected }) => typeof expected === 'number' && !queued.has(stream))
      .map(({ stream }) => stream)
      .filter((stream) => this.#turns.areQueuedFor(stream))
    if (streams.length > 0) throw new QueueFirst(streams)
  }

  #given({ request, payload }: PlantCommand<Told>): Given {
    const now = this.clock.now()
    const told = payload.occurredAt ? new Date(payload.occurredAt) : now
    if (told.getTime() > now.getTime() + CLOCK_SKEW_MS) {
      refuse(
        'occurred-in-the-future',
        `this is said to happen at ${told.toISOString()}, which is still to come`,
        { occurredAt: payload.occurredAt, now: now.toISOString() },
        '/occurredAt',
      )
    }
    const occurredAt = new Date(Math.min(told.getTime(), now.getTime()))
    return { now, occurredAt: occurredAt.toISOString(), actor: request.actor.name, commandId: request.commandId }
  }

  /** The first outcome again, from the events that carry the command's id in all the streams that it wrote. */
  async #replay(
    done: AlreadyDone,
    requestHash: string,
    command: PlantCommand<Told>,
    subject: Subject,
  ): Promise<Outcome> {
    const { commandId } = command.request
    if (done.requestHash !== requestHash) {
      refuse(
        'idempotency-key-reused',
        `the Idempotency-Key ${commandId} was used before, for another command; a new command needs a new key`,
        { idempotencyKey: commandId, stream: done.stream },
      )
    }
    const stream = subject.kind.stream(subject.id)
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
    return outcome(command, stream, revision, events, last.position, true)
  }
}

/** The key is bound to what was asked for: command and payload, in the order of its schema. */
function hashOf(command: PlantCommand<Told>): string {
  return createHash('sha256')
    .update(`${command.constructor.name} ${JSON.stringify(command.payload)}`)
    .digest('base64url')
}

function assertMatches(ifMatch: number | undefined, revision: number | undefined): void {
  if (ifMatch === undefined || ifMatch === revision) return
  throw new Problem(
    412,
    'changed-since-read',
    `You acted on revision ${ifMatch}, but it is at revision ${revision ?? 'none'} now. Look again before you decide.`,
    { values: { ifMatch, revision: revision ?? null } },
  )
}

/** Groups facts by stream, in the order of the decision; the subject's first event names all streams written. */
function writesOf(
  facts: readonly PlantFact[],
  history: History,
  subject: string,
  metadata: Readonly<Record<string, string>>,
): StreamWrite[] {
  const byStream = Map.groupBy(facts, streamOf)
  const own = byStream.get(subject)
  if (!own) throw new Error(`the decision of command ${metadata.commandId} writes nothing to its subject ${subject}`)
  const streams = JSON.stringify([...byStream.keys()])
  return [...byStream].map(([stream, ofStream]) => ({
    stream,
    expected: ofStream.every(isUnconditional) ? 'any' : history.expected(stream, { subject: stream === subject }),
    events: ofStream.map((fact) => ({
      id: randomUUID(),
      type: fact.type,
      data: fact.data,
      metadata: {
        ...metadata,
        schemaVersion: String(currentVersion(fact.type)),
        ...(fact === own[0] && { streams }),
      },
    })),
  }))
}

function outcome(
  { request }: PlantCommand<Told>,
  subject: string,
  revision: number | null,
  events: readonly RecordedEvent[],
  position: bigint,
  replayed: boolean,
): Outcome {
  return {
    commandId: request.commandId,
    replayed,
    subject,
    revision,
    events: events.map(({ id, stream, revision, type, data, metadata, recordedAt }) => ({
      id,
      stream,
      revision,
      type,
      data,
      occurredAt: metadata.occurredAt ?? recordedAt.toISOString(),
      recordedAt: recordedAt.toISOString(),
    })),
    revisions: Object.fromEntries(events.map((event) => [event.stream, event.revision])),
    token: position.toString(),
  }
}
