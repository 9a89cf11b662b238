import { LRUCache } from 'lru-cache'
import { type RecordedFact, readFact } from '#domain/events'
import { type Fault, Refused, unknownThing } from '#domain/refusal'
import type { StreamKind } from '#domain/streams'
import type { EventStore, Expected, RecordedEvent } from '#event-store/event-store'

/** A stream folded up to a revision, and which commands wrote to it. */
interface Folded {
  readonly revision: number | undefined
  readonly state: unknown
  /** Command id -> hash of what it asked for. Grows with the stream; a key found is true whenever it is found. */
  readonly commands: Map<string, string>
  /** Its facts do not depend on its state: writers need not wait for each other. */
  readonly unguarded: boolean
}

const nothing = (): Folded => ({ revision: undefined, state: undefined, commands: new Map(), unguarded: false })

/**
 * States of streams as folded so far. Streams only grow, so what is here is never wrong, only short:
 * each read asks the store for what came after it.
 */
export class FoldedStreams {
  readonly #folded = new LRUCache<string, Folded>({ max: 50_000 })

  constructor(private readonly store: EventStore) {}

  /** Reads many streams in one round trip. */
  async read(wanted: readonly { kind: StreamKind<unknown>; stream: string }[]): Promise<Folded[]> {
    const before = wanted.map(({ stream }) => this.#folded.get(stream) ?? nothing())
    const newer = await this.store.readMany(
      wanted.map(({ stream }, i) => ({ stream, from: (before[i]!.revision ?? -1) + 1 })),
    )
    return wanted.map(({ kind, stream }, i) => {
      const events = newer.get(stream) ?? []
      if (events.length === 0) return before[i]!
      const folded = fold(kind, before[i]!, events)
      this.#folded.set(stream, folded)
      return folded
    })
  }

  /** One stream's events, as they stand in the store. */
  async events(stream: string): Promise<readonly RecordedEvent[]> {
    return (await this.store.readMany([{ stream }])).get(stream) ?? []
  }
}

function fold(kind: StreamKind<unknown>, before: Folded, events: readonly RecordedEvent[]): Folded {
  const { commands } = before
  let state = before.state
  for (const event of events) {
    state = kind.evolve(state, readFact(event))
    const { commandId, requestHash, streams } = event.metadata
    if (commandId && (!kind.crowded || streams)) commands.set(commandId, requestHash ?? '')
  }
  const unguarded = state !== undefined && (kind.unguarded?.(state) ?? false)
  return { revision: events.at(-1)!.revision, state, commands, unguarded }
}

/** Thrown by a read that finds the command's own id: it was done before. */
export class AlreadyDone extends Error {
  override readonly name = 'AlreadyDone'
  constructor(
    readonly stream: string,
    readonly requestHash: string,
  ) {
    super(`the command was done before, in ${stream}`)
  }
}

/**
 * The streams that one decision reads. All that is read here is guarded: when the decision is appended,
 * each of these streams that it writes must still be at the revision read.
 */
export class History {
  readonly #read = new Map<string, Folded>()

  constructor(
    private readonly streams: FoldedStreams,
    private readonly commandId: string,
  ) {}

  /** What is known of these things, in the order asked; undefined where there is none. One round trip. */
  async find<State>(kind: StreamKind<State>, ids: readonly string[]): Promise<(State | undefined)[]> {
    const names = ids.map(kind.stream)
    const missing = [...new Set(names)].filter((stream) => !this.#read.has(stream))
    if (missing.length > 0) {
      const folded = await this.streams.read(missing.map((stream) => ({ kind: kind as StreamKind<unknown>, stream })))
      missing.forEach((stream, i) => {
        this.#read.set(stream, folded[i]!)
        const done = folded[i]!.commands.get(this.commandId)
        if (done !== undefined) throw new AlreadyDone(stream, done)
      })
    }
    return names.map((stream) => this.#read.get(stream)!.state as State | undefined)
  }

  async findOne<State>(kind: StreamKind<State>, id: string): Promise<State | undefined> {
    return (await this.find(kind, [id]))[0]
  }

  /**
   * Things that must exist. `field` is the JSON pointer of the one, or makes it for each.
   * @throws Refused `unknown-<thing>` for every one that does not.
   */
  async getAll<State>(
    kind: StreamKind<State>,
    ids: readonly string[],
    field?: (i: number) => string,
  ): Promise<State[]> {
    const found = await this.find(kind, ids)
    const faults: Fault[] = ids.flatMap((id, i) =>
      found[i] === undefined ? [unknownThing(kind.thing, id, field?.(i))] : [],
    )
    if (faults.length > 0) throw new Refused(faults)
    return found as State[]
  }

  async get<State>(kind: StreamKind<State>, id: string, field?: string): Promise<State> {
    return (await this.getAll(kind, [id], field === undefined ? undefined : () => field))[0]!
  }

  /**
   * The facts behind a state, for a decision that is about one of them: those up to the revision that was folded,
   * so that facts and state tell the same.
   */
  async recorded<State>(kind: StreamKind<State>, id: string): Promise<RecordedFact[]> {
    await this.find(kind, [id])
    const last = this.revisionOf(kind.stream(id)) ?? -1
    return (await this.streams.events(kind.stream(id)))
      .filter((event) => event.revision <= last)
      .map((event) => ({ eventId: event.id, revision: event.revision, fact: readFact(event) }))
  }

  /**
   * What a write to this stream must expect; a stream that was not read must be new. The subject is guarded even where
   * facts are independent: of two calls with the same command, one must lose and find that it is done.
   */
  expected(stream: string, { subject }: { subject: boolean }): Expected {
    const read = this.#read.get(stream)
    return read?.unguarded && !subject ? 'any' : (read?.revision ?? 'none')
  }

  /** As it was read; undefined for a stream that was not, or that is not there. */
  stateOf(stream: string): unknown {
    return this.#read.get(stream)?.state
  }

  /** The last revision read of this stream. */
  revisionOf(stream: string): number | undefined {
    return this.#read.get(stream)?.revision
  }
}
