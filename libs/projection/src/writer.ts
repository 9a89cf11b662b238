/**
 * Applies events to one build: judges each by its stream's revision, folds what is new in memory, and commits rows,
 * revisions, parked streams and position together, by compare-and-set on the build's turn.
 */
import { pipeline } from 'node:stream/promises'
import type { ClientBase } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { DeliveredEvent, Offsets } from '#event-feed/event-feed'
import type { Position, RecordedEvent } from '#event-store/event-store'
import { type Build, bookkeeping } from './builds.js'
import { arrayText, type Row } from './columns.js'
import { copyLines } from './copy.js'
import { Fold, type FoldedTable, keyText } from './fold.js'
import type { Key, Projection } from './projection.js'
import { type ParkedStream, type Statements, statementsOf, streamRevisions } from './tables.js'

/** Somebody else moved this build on: nothing was written, load it again. */
export class OvertakenError extends Error {
  override readonly name = 'OvertakenError'
}

/** What a writer holds on to. */
export interface Memory {
  /** Rows between commits, of all tables together. */
  readonly keep: number
  /** The events applied, for `Committed`; in bulk they would fill the memory. */
  readonly tells: boolean
}

export interface Committed {
  readonly position: Position
  /** If told: those that took effect; not the repeated ones, nor those of parked streams. */
  readonly applied: readonly RecordedEvent[]
  readonly parked: readonly Parking[]
  readonly stopWanted: boolean
  /** Where this commit has come to in a broker's topic; only partitions that it moved on. */
  readonly offsets: Offsets
}

export type Parking = Omit<ParkedStream, 'since' | 'attempts'>

/** From this many rows of a table on, COPY is faster than one statement with arrays. */
const COPY_FROM_ROWS = 500
const ROWS_PER_STATEMENT = 10_000

export class BuildWriter {
  private readonly fold: Fold
  private readonly statements = new Map<FoldedTable, Statements>()
  private readonly revisions: FoldedTable
  private readonly names
  private position: Position
  private turn: number
  private counted: number
  private passed = 0
  private applied: RecordedEvent[] = []
  private parking: Parking[] = []
  private readonly offsets = new Map<number, bigint>()

  constructor(
    private readonly client: ClientBase,
    private readonly projection: Projection,
    private readonly build: Build,
    /** Streams whose events wait. */
    private readonly parked: Set<string>,
    private readonly memory: Memory,
  ) {
    this.fold = new Fold([...projection.tables, streamRevisions])
    this.revisions = this.fold.of(streamRevisions)
    this.position = build.position
    this.turn = build.turn
    this.counted = build.events
    this.names = bookkeeping(projection, build.build)
    for (const table of this.fold.tables) {
      this.statements.set(table, statementsOf(projection, table.spec, build.build))
      table.complete = build.turn === 0
    }
  }

  /** `retried` is a stream whose parking is to be tried again. */
  static async open(
    client: ClientBase,
    projection: Projection,
    build: Build,
    memory: Memory,
    retried?: string,
  ): Promise<BuildWriter> {
    const { rows } = await client.query<{ stream: string }>(
      `SELECT stream FROM ${bookkeeping(projection, build.build).parked}`,
    )
    const parked = new Set(rows.map((row) => row.stream))
    if (retried !== undefined) parked.delete(retried)
    return new BuildWriter(client, projection, build, parked, memory)
  }

  /** Rows and events that wait for `commit`. */
  get pending(): number {
    return this.fold.dirty + (this.passed > 0 || this.parking.length > 0 ? 1 : 0)
  }

  /** Events up to `reached`, those of parked streams too. */
  get eventsPassed(): number {
    return this.counted + this.passed
  }

  get reached(): Position {
    return this.position
  }

  async take(events: readonly DeliveredEvent[]): Promise<void> {
    await this.fetchMissing(events)
    for (const event of events) {
      this.takeOne(event)
      this.pass(event)
    }
  }

  /** Parks the stream of an event whose rows the database refused. */
  refuse(event: DeliveredEvent, error: Error): void {
    this.park(event, 'failed', error)
    this.pass(event)
  }

  parkAgain(parked: Parking, error: string): void {
    if (this.parking.length === 0) this.parking.push({ ...parked, error })
  }

  /** One transaction, or within the one that the caller has open. */
  async commit(within: 'own' | 'open' = 'own'): Promise<Committed> {
    const { applied, parking } = this
    try {
      const stopWanted = await this.claim(within)
      for (const table of this.fold.tables) await this.write(table)
      for (const parking of this.parking) await this.writeParking(parking)
      const offsets = await this.writeOffsets()
      if (within === 'own') await this.client.query('COMMIT')
      this.turn++
      this.counted += this.passed
      this.passed = 0
      this.applied = []
      this.parking = []
      this.fold.written(this.memory.keep)
      return { position: this.position, applied, parked: parking, stopWanted, offsets }
    } catch (error) {
      if (within === 'own') await this.client.query('ROLLBACK').catch(() => {})
      throw error
    }
  }

  private takeOne(event: RecordedEvent): void {
    if (this.parked.has(event.stream)) return
    const known = this.revisions.fetched(event.stream).row?.revision
    const next = known === undefined ? 0 : (known as number) + 1
    if (event.revision < next) return
    if (event.revision > next) {
      this.park(event, 'gap', new Error(`revision ${next} of ${event.stream} never came, ${event.revision} did`))
      return
    }
    try {
      this.fold.apply(this.projection, event)
      this.fold.put(streamRevisions, { stream: event.stream, revision: event.revision })
      if (this.memory.tells) this.applied.push(event)
    } catch (error) {
      this.park(event, 'failed', error)
    }
  }

  private pass({ position, found }: DeliveredEvent): void {
    if (position <= this.position) return
    this.position = position
    this.passed++
    if (found) this.offsets.set(found.partition, found.offset)
  }

  private park(event: RecordedEvent, reason: Parking['reason'], error: unknown): void {
    const { stream, id: eventId, type: eventType, revision, position } = event
    this.parked.add(stream)
    this.parking.push({ stream, reason, eventId, eventType, revision, position, error: messageOf(error) })
  }

  private async fetchMissing(events: readonly RecordedEvent[]): Promise<void> {
    const wanted = new Map<FoldedTable, Map<string, Key>>()
    const want = (table: FoldedTable, key: Key) => {
      if (!table.misses(key)) return
      const keys = wanted.get(table) ?? new Map<string, Key>()
      wanted.set(table, keys.set(keyText(key), key))
    }
    for (const event of events) {
      want(this.revisions, event.stream)
      if (this.parked.has(event.stream)) continue
      try {
        for (const { table, key } of this.projection.keys(event)) want(this.fold.of(table), key)
      } catch {
        // It fails again, and parks the stream, when it is this event's turn.
      }
    }
    for (const [table, keys] of wanted) await this.fetch(table, keys)
  }

  private async fetch(table: FoldedTable, keys: Map<string, Key>): Promise<void> {
    const parts = [...keys.values()].map((key) => (typeof key === 'object' ? key : [key]))
    const { rows } = await this.client.query({
      ...named('fetch', this.statements.get(table)!.fetch),
      values: table.spec.primaryKey.map((_, n) => arrayText(parts.map((key) => String(key[n])))),
      types: { getTypeParser: () => (text: string) => text },
    })
    for (const texts of rows) {
      const row: Record<string, unknown> = {}
      for (const column of table.columns) {
        const text = texts[column.name] as string | null
        row[column.name] = text === null ? null : column.fromText(text)
      }
      const key = table.keyOf(row)
      table.fill(key, row)
      keys.delete(keyText(key))
    }
    for (const key of keys.values()) table.fill(key, undefined)
  }

  /** Takes the build's row, so that whoever else writes waits and then sees that it was overtaken. */
  private async claim(within: 'own' | 'open'): Promise<boolean> {
    // A commit that a crash of the server forgets takes its rows and its position along: no need to wait for the disk.
    if (within === 'own') await this.client.query('BEGIN; SET LOCAL synchronous_commit = off')
    const { rows } = await this.client.query({
      ...named(
        'claim',
        `UPDATE ${this.names.builds}
        SET turn = turn + 1, position = $3, events = events + $4, "updatedAt" = now()
        WHERE build = $1 AND turn = $2 AND state IN ('live', 'building') RETURNING "stopWanted"`,
      ),
      values: [this.build.build, this.turn, this.position.toString(), this.passed],
    })
    if (!rows[0])
      throw new OvertakenError(`build ${this.build.build} of ${this.projection.name} was moved on elsewhere`)
    return rows[0].stopWanted
  }

  private async write(table: FoldedTable): Promise<void> {
    const fresh: Row[] = []
    const changed: Row[] = []
    const either: Row[] = []
    const removed: Row[] = []
    const added: Row[] = []
    for (const entry of table.dirty) {
      if (entry.state === 'present') {
        const list = entry.stored === undefined ? either : entry.stored ? changed : fresh
        list.push(entry.row!)
      } else if (entry.state === 'unread') added.push({ ...table.zero(entry.parts), ...entry.deltas })
      else if (entry.stored !== false) removed.push(table.zero(entry.parts))
    }
    const { copy, change, upsert, add, remove, columns, spec } = this.statements.get(table)!
    const keys = spec.primaryKey.map((key) => columns.find((column) => column.name === key)!)
    if (removed.length) await this.send(remove, keys, removed)
    if (fresh.length >= COPY_FROM_ROWS) await this.copy(copy, columns, fresh)
    else either.push(...fresh)
    if (change && changed.length >= COPY_FROM_ROWS) {
      await this.client.query(change.stage)
      await this.copy(change.copy, columns, changed)
      await this.client.query(change.update)
    } else either.push(...changed)
    if (either.length) await this.send(upsert, columns, either)
    if (added.length) await this.send(add, columns, added)
  }

  private async send(statement: string, columns: Statements['columns'], rows: readonly Row[]): Promise<void> {
    for (let n = 0; n < rows.length; n += ROWS_PER_STATEMENT) {
      const some = rows.slice(n, n + ROWS_PER_STATEMENT)
      await this.client.query({
        ...named('rows', statement),
        values: columns.map((column) =>
          arrayText(some.map((row) => (row[column.name] === null ? null : column.toText(row[column.name])))),
        ),
      })
    }
  }

  private async copy(statement: string, columns: Statements['columns'], rows: readonly Row[]): Promise<void> {
    await pipeline(copyLines(columns, rows), this.client.query(copyFrom(statement)))
  }

  private async writeOffsets(): Promise<Offsets> {
    const moved = new Map(this.offsets)
    if (moved.size > 0) {
      await this.client.query({
        ...named(
          'offsets',
          `INSERT INTO ${this.names.offsets} (build, partition, "offset")
           SELECT $1, * FROM unnest($2::integer[], $3::bigint[])
           ON CONFLICT (build, partition) DO UPDATE SET "offset" = excluded."offset"`,
        ),
        values: [
          this.build.build,
          arrayText([...moved.keys()].map(String)),
          arrayText([...moved.values()].map(String)),
        ],
      })
      this.offsets.clear()
    }
    return moved
  }

  private async writeParking(parking: Parking): Promise<void> {
    const { stream, reason, eventId, eventType, revision, position, error } = parking
    await this.client.query(
      `INSERT INTO ${this.names.parked} AS p (stream, reason, "eventId", "eventType", revision, position, error)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (stream) DO UPDATE SET reason = excluded.reason, "eventId" = excluded."eventId",
         "eventType" = excluded."eventType", revision = excluded.revision, position = excluded.position,
         error = excluded.error, attempts = p.attempts + 1`,
      [stream, reason, eventId, eventType, revision, position.toString(), error],
    )
  }
}

/** Parsed once per connection: the name is the statement's own text, hashed by content. */
function named(kind: string, text: string): { name: string; text: string } {
  let name = names.get(text)
  if (!name) {
    name = `projection_${kind}_${names.size}`
    names.set(text, name)
  }
  return { name, text }
}
const names = new Map<string, string>()

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  // PostgreSQL's text takes no zero byte, and an operator reads no more than this.
  return text.replaceAll('\u0000', '�').slice(0, 2000)
}
