/** Applies events to the live build in one process of all that could, through any loss of the database. */
import type { Logger } from '@nestjs/common'
import { type Position, START } from '#event-store/event-store'
import { Backoff, pause } from './backoff.js'
import { type Build, find } from './builds.js'
import { isGone } from './database-errors.js'
import { BULK, follow, LIVE } from './follow.js'
import { Lease } from './lease.js'
import type { Projection } from './projection.js'
import type { RunnerParts } from './runner-parts.js'
import { liveBuild } from './standing.js'
import { type Committed, OvertakenError } from './writer.js'

/**
 * `running`: this process applies events. `standby`: another one does. `outdated`: the live tables are of another
 * version than this code, and stand still here. `disconnected`: the database or the feed is lost, and is tried again.
 */
export type RunnerState = 'running' | 'standby' | 'outdated' | 'disconnected' | 'stopped'

export interface LiveEvents {
  /** Makes the tables if there are none. */
  prepare(): Promise<void>
  entered(state: RunnerState): void
  begins(position: bigint): void
  committed(committed: Committed): Promise<void>
  /** The tables are of another version. */
  outdated(version: number): Promise<void>
}

/** Events behind from which on rows are written in bulk. */
const FAR_BEHIND = 20_000
const STAND_BY_MS = 500

export class LiveRunner {
  private readonly backoff = new Backoff()
  private overtaken = 0
  private warned = ''

  constructor(
    private readonly projection: Projection,
    private readonly on: RunnerParts,
    private readonly tell: LiveEvents,
    private readonly logger: Logger,
  ) {}

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.session(signal)
        this.wentWell()
      } catch (error) {
        if (signal.aborted) return
        // Expected when a swap or a retry was faster: load its state and go on, at once for the first time.
        if (error instanceof OvertakenError || isGone(error)) {
          if (this.overtaken++ === 0) continue
        } else {
          this.tell.entered('disconnected')
          const { message } = error as Error
          if (message !== this.warned) this.logger.warn(`Interrupted, will try again: ${message}`)
          this.warned = message
        }
        await this.backoff.wait(signal)
      }
    }
  }

  private wentWell(): void {
    this.backoff.reset()
    this.overtaken = 0
    this.warned = ''
  }

  /** From taking the lease to losing it, or a moment of standing by. */
  private async session(signal: AbortSignal): Promise<void> {
    const { projection } = this
    await this.tell.prepare()
    const { version } = await liveBuild(this.on.pool, projection)
    if (version !== projection.version) {
      this.tell.entered('outdated')
      await this.tell.outdated(version)
      return pause(STAND_BY_MS, signal)
    }
    const lease = await Lease.tryTake(this.on.pool, `coiltrail projection ${projection.name}`)
    if (!lease) {
      this.tell.entered('standby')
      return pause(STAND_BY_MS, signal)
    }
    try {
      await this.applyEvents(lease, AbortSignal.any([signal, lease.lost]))
      if (lease.lost.aborted && !signal.aborted) throw lease.lost.reason
    } finally {
      lease.end()
    }
  }

  private async applyEvents({ client }: Lease, signal: AbortSignal): Promise<void> {
    const { projection } = this
    const { feed } = this.on
    const live = await find(client, projection, 'live')
    if (live?.version !== projection.version) return
    const head = await this.headIfFarBehind(live)
    this.logger.log(`Applies events after position ${live.position}`)
    this.tell.entered('running')
    this.tell.begins(live.position)
    const following = {
      client,
      projection,
      build: live.build,
      feed,
      signal,
      committed: (committed: Committed) => {
        this.wentWell()
        this.on.live.applied?.(committed.offsets)
        return this.tell.committed(committed)
      },
    }
    if (head !== undefined) await follow({ ...following, pace: BULK, until: head })
    if (signal.aborted) return
    await follow({ ...following, feed: this.on.live, pace: LIVE })
    if (!signal.aborted) throw new Error('the event feed ended')
  }

  /** Where the store cannot be asked, a broker may have the events all the same. */
  private async headIfFarBehind({ position, events }: Build): Promise<Position | undefined> {
    const { feed, live } = this.on
    const head = await (feed === live ? feed.head() : feed.head().catch(() => position))
    // Where positions are not dense, as many events are to come as those behind us let expect.
    const density = position > START ? Math.min(1, events / Number(position)) : 1
    return Number(head - position) * density > FAR_BEHIND ? head : undefined
  }
}
