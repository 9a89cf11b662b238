/**
 * Fills new tables from history beside the live ones, catches up, and swaps them in. Everything that it knows is in
 * the database, so that it can be stopped at any moment, also by a crash, and goes on from its last commit.
 */
import { setTimeout } from 'node:timers/promises'
import type { ClientBase } from 'pg'
import { type Position, START } from '#event-store/event-store'
import { dropViews, nameLive } from './access.js'
import { type Build, bookkeeping, create, discard, find, inTransaction, lock, onOneConnection } from './builds.js'
import { isLockedOut } from './database-errors.js'
import { BULK, type Following, follow } from './follow.js'
import { Lease } from './lease.js'
import { parkedOf, retryParked } from './parked.js'
import type { Projection } from './projection.js'
import type { RunnerParts } from './runner-parts.js'
import { buildName, createIndexes, streamRevisions } from './tables.js'

export interface RebuildProgress {
  readonly phase: 'history' | 'indexes' | 'catching up' | 'swapping'
  /** Version of the projection that is being built. */
  readonly version: number
  readonly events: number
  /** An estimate where the store's positions are not dense. */
  readonly ofEvents: number
  readonly eventsPerSecond: number
  /** Undefined until there is a speed to tell it from. */
  readonly secondsLeft?: number
}

export interface Rebuilding extends Omit<RunnerParts, 'live'> {
  readonly projection: Projection
  readonly signal: AbortSignal
  onProgress(progress: RebuildProgress): void
}

export type Rebuilt = { readonly outcome: 'swapped' | 'stopped'; readonly build: number; readonly position: Position }

/** Another rebuild of this projection runs, here or in another process. */
export class RebuildRunsError extends Error {
  override readonly name = 'RebuildRunsError'
}

export const rebuildLease = (projection: Projection) => `coiltrail rebuild ${projection.name}`

/** Events behind from which on it is worth another round before the live runner is made to wait. */
const NEAR = 1_000
/** Queries that come while the swap waits for those that run now wait no longer than this. */
const SWAP_PATIENCE_MS = 250

export async function rebuild(rebuilding: Rebuilding): Promise<Rebuilt> {
  const { pool, projection } = rebuilding
  const lease = await Lease.tryTake(pool, rebuildLease(projection))
  if (!lease) throw new RebuildRunsError(`${projection.name} is being rebuilt already`)
  try {
    return await new Rebuild(rebuilding, lease).run()
  } finally {
    lease.end()
  }
}

class Rebuild {
  private readonly stop = new AbortController()
  private readonly signal: AbortSignal
  private readonly began = performance.now()
  private eventsAtStart = 0
  private events = 0
  private head: Position = START
  private position: Position = START
  private build!: Build

  constructor(
    private readonly on: Rebuilding,
    private readonly lease: Lease,
  ) {
    this.signal = AbortSignal.any([on.signal, lease.lost, this.stop.signal])
  }

  async run(): Promise<Rebuilt> {
    this.build = await this.beginOrResume()
    this.position = this.build.position
    this.events = this.eventsAtStart = this.build.events
    const result = (outcome: Rebuilt['outcome']) => ({ outcome, build: this.build.build, position: this.position })

    await this.toHead('history')
    if (!this.build.indexed && !this.signal.aborted) await this.index()
    let before: number
    do {
      before = this.events
      await this.toHead('catching up')
    } while (this.events - before > NEAR && !this.signal.aborted)
    await this.fillGaps()
    while (!this.signal.aborted) {
      this.report('swapping')
      if (await this.trySwap()) return result('swapped')
      await setTimeout(SWAP_PATIENCE_MS * 4, undefined, { signal: this.signal }).catch(() => {})
    }
    // A lost connection is not a wish to stop: whoever called decides whether to go on.
    if (!this.on.signal.aborted && !this.stop.signal.aborted) throw this.lease.lost.reason
    return result('stopped')
  }

  private async beginOrResume(): Promise<Build> {
    const { client } = this.lease
    const { projection } = this.on
    return inTransaction(client, async () => {
      const begun = await find(client, projection, 'building')
      if (begun?.version === projection.version) {
        await client.query(
          `UPDATE ${bookkeeping(projection, begun.build).builds} SET "stopWanted" = false WHERE build = $1`,
          [begun.build],
        )
        return begun
      }
      if (begun) await discard(client, projection, begun.build)
      return create(client, projection, 'building')
    })
  }

  private async toHead(phase: RebuildProgress['phase']): Promise<void> {
    this.head = await this.on.feed.head()
    this.report(phase)
    await follow({ ...this.following(phase), until: this.head })
  }

  private following(phase: RebuildProgress['phase']): Following {
    const { projection, feed } = this.on
    return {
      client: this.lease.client,
      projection,
      build: this.build.build,
      feed,
      signal: this.signal,
      pace: BULK,
      committed: ({ stopWanted }) => {
        if (stopWanted) this.stop.abort()
      },
      taken: (events, position) => {
        this.events = events
        this.position = position
        this.report(phase)
      },
    }
  }

  /** After the rows: filling an index at once is much faster than keeping it up to date. */
  private async index(): Promise<void> {
    const { client } = this.lease
    const { projection } = this.on
    const { build } = this.build
    for (const statement of createIndexes(projection, build)) {
      if (this.signal.aborted) return
      this.report('indexes')
      await client.query(statement)
    }
    for (const { name } of [...projection.tables, streamRevisions]) {
      // Freshly copied rows are not known to be visible to all: until they are, no index is read without its table.
      await client.query(`VACUUM (ANALYZE) ${buildName(projection, name, build)}`)
    }
    await client.query(`UPDATE ${bookkeeping(projection, build).builds} SET indexed = true WHERE build = $1`, [build])
  }

  private async fillGaps(): Promise<void> {
    const { pool, projection, reader } = this.on
    for (const parked of await parkedOf(pool, projection, this.build, 10_000)) {
      if (parked.reason === 'gap') await retryParked(pool, projection, reader, parked.stream, 'building')
    }
  }

  /**
   * While the live row is locked the live build stands still, so that both builds have come exactly as far when the
   * names change hands. False when a query held one of the names for too long.
   */
  private async trySwap(): Promise<boolean> {
    const { pool, projection } = this.on
    try {
      await onOneConnection(pool, (client) =>
        inTransaction(client, async () => {
          const live = await lock(client, projection, 'live')
          if (live) await follow({ ...this.following('swapping'), until: live.position })
          this.signal.throwIfAborted()
          await client.query(`SET LOCAL lock_timeout = ${SWAP_PATIENCE_MS}`)
          await swapNames(client, projection, live, this.build)
        }),
      )
      return true
    } catch (error) {
      if (isLockedOut(error) || this.signal.aborted) return false
      throw error
    }
  }

  private report(phase: RebuildProgress['phase']): void {
    const { events, eventsAtStart, head, position, build } = this
    // Where positions are not dense, as many events stand before the head as those behind us let expect.
    const density = position > START ? events / Number(position) : 1
    const ofEvents = Math.max(events, Math.round(Number(head) * density))
    const seconds = (performance.now() - this.began) / 1000
    const eventsPerSecond = Math.round((events - eventsAtStart) / Math.max(seconds, 0.001))
    const secondsLeft = eventsPerSecond > 0 ? Math.ceil((ofEvents - events) / eventsPerSecond) : undefined
    this.on.onProgress({ phase, version: build.version, events, ofEvents, eventsPerSecond, secondsLeft })
  }
}

async function swapNames(client: ClientBase, projection: Projection, live: Build | undefined, build: Build) {
  const builds = bookkeeping(projection, build.build).builds
  if (live) {
    await dropViews(client, projection, live)
    await client.query(`UPDATE ${builds} SET state = 'retired' WHERE build = $1`, [live.build])
  }
  if (live) {
    // Both have come exactly as far: the new tables go on in a broker's topic where the old ones were.
    const { offsets } = bookkeeping(projection, build.build)
    await client.query(`INSERT INTO ${offsets} SELECT $2, partition, "offset" FROM ${offsets} WHERE build = $1`, [
      live.build,
      build.build,
    ])
  }
  await nameLive(client, projection, build.build)
  await client.query(`UPDATE ${builds} SET state = 'live', turn = turn + 1 WHERE build = $1`, [build.build])
}
