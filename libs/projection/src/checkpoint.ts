/** How far the live build is, for those who wait for a position: told at once in this process, asked of the database otherwise. */
import { setTimeout } from 'node:timers/promises'
import type { Pool } from 'pg'
import { type Position, START } from '#event-store/event-store'
import { find } from './builds.js'
import type { Projection } from './projection.js'

interface Waiter {
  readonly position: Position
  done(reached: boolean): void
}

/** How often the database is asked while somebody waits: this process may hear of commits by itself, or not. */
const POLL_MS = 15
const POLL_WHEN_TOLD_MS = 250

export class Checkpoint {
  private readonly waiters = new Set<Waiter>()
  private reached: Position = START
  private polling = false
  /** This process runs the projection, so that `moved` is called after every commit. */
  told = false

  constructor(
    private readonly pool: Pool,
    private readonly projection: Projection,
  ) {}

  /** Whoever runs the projection begins here, which may be earlier: a crash of the server forgets the last commits. */
  begins(position: Position): void {
    this.reached = position
    this.moved(position)
  }

  moved(position: Position): void {
    if (position > this.reached) this.reached = position
    for (const waiter of this.waiters) if (waiter.position <= this.reached) waiter.done(true)
  }

  /** True once the read model has everything up to the position; false when the time is over, or the signal aborts. */
  waitFor(position: Position, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    if (position <= this.reached) return Promise.resolve(true)
    return new Promise((resolve) => {
      const done = (reached: boolean) => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', giveUp)
        this.waiters.delete(waiter)
        resolve(reached)
      }
      const giveUp = () => done(false)
      const waiter: Waiter = { position, done }
      const timer = globalThis.setTimeout(giveUp, timeoutMs)
      signal?.addEventListener('abort', giveUp)
      this.waiters.add(waiter)
      if (signal?.aborted) giveUp()
      if (!this.polling) void this.poll()
    })
  }

  private async poll(): Promise<void> {
    this.polling = true
    // Where this process runs the projection the answer comes by itself, nearly always: no query for it.
    if (this.told) await setTimeout(POLL_WHEN_TOLD_MS)
    while (this.waiters.size > 0) {
      try {
        const live = await find(this.pool, this.projection, 'live')
        if (live) this.moved(live.position)
      } catch {
        // The database does not answer now; those who wait have their own time limit.
      }
      await setTimeout(this.told ? POLL_WHEN_TOLD_MS : POLL_MS)
    }
    this.polling = false
  }
}
