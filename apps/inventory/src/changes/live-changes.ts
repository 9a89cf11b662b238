/**
 * Changes as the read model has them, for many listeners from one subscription: the latest are kept in memory, and
 * who is further behind reads history for itself until it has caught up. Both are in position order, so that a
 * listener who goes on behind the last position it has seen misses nothing and meets nothing twice.
 */
import { setTimeout } from 'node:timers/promises'
import { Inject, Injectable, Logger } from '@nestjs/common'
import { EVENT_FEED, type EventFeed } from '#event-feed/event-feed'
import { type Position, type RecordedEvent, START } from '#event-store/event-store'
import { Shutdown } from '#platform/shutdown'
import type { ProjectionRunner } from '#projection/runner'
import { INVENTORY } from '../http/reads.js'

const KEPT = 5_000
const RETRY_MS = 500

@Injectable()
export class LiveChanges {
  private readonly logger = new Logger('Changes')
  /** Everything after `keptAfter` that the read model has, in position order. */
  private kept: RecordedEvent[] = []
  private keptAfter: Position = START
  private listeners = 0
  private following: AbortController | undefined
  private readonly waiting = new Set<() => void>()

  constructor(
    @Inject(INVENTORY) private readonly runner: ProjectionRunner,
    @Inject(EVENT_FEED) private readonly feed: EventFeed,
    private readonly shutdown: Shutdown,
  ) {}

  /** Everything after a position, as soon as the read model has it, until `signal` aborts. */
  async *after(position: Position, signal: AbortSignal): AsyncGenerator<readonly RecordedEvent[]> {
    await this.enter()
    try {
      let seen = position
      while (!signal.aborted) {
        if (seen < this.keptAfter) {
          for await (const events of this.runner.changes(seen, signal)) {
            yield events
            seen = events.at(-1)!.position
            if (seen >= this.keptAfter) break
          }
          continue
        }
        const news = this.keptBehind(seen)
        if (news.length === 0) await this.untilNews(signal)
        else {
          yield news
          seen = news.at(-1)!.position
        }
      }
    } finally {
      this.leave()
    }
  }

  private keptBehind(position: Position): readonly RecordedEvent[] {
    // What is new is at the end, and little.
    let first = this.kept.length
    while (first > 0 && this.kept[first - 1]!.position > position) first--
    return this.kept.slice(first)
  }

  private async enter(): Promise<void> {
    this.listeners++
    if (this.following) return
    const following = new AbortController()
    this.following = following
    this.kept = []
    // Until the head is known nothing is kept, and every listener is behind.
    this.keptAfter = BigInt(Number.MAX_SAFE_INTEGER)
    try {
      this.keptAfter = await this.feed.head()
    } catch (error) {
      this.following = undefined
      this.listeners--
      throw error
    }
    void this.follow(AbortSignal.any([following.signal, this.shutdown.signal]))
  }

  private leave(): void {
    if (--this.listeners > 0) return
    this.following?.abort()
    this.following = undefined
  }

  private async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const behind = this.kept.at(-1)?.position ?? this.keptAfter
        for await (const events of this.runner.changes(behind, signal)) {
          if (signal.aborted) return
          this.keep(events)
        }
      } catch (error) {
        this.logger.warn(`Following the changes was interrupted: ${(error as Error).message}`)
        await setTimeout(RETRY_MS, undefined, { signal }).catch(() => {})
      }
    }
  }

  private keep(events: readonly RecordedEvent[]): void {
    for (const event of events) this.kept.push(event)
    const tooMany = this.kept.length - KEPT
    if (tooMany > 0) this.keptAfter = this.kept.splice(0, tooMany).at(-1)!.position
    for (const wake of [...this.waiting]) wake()
  }

  private untilNews(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.waiting.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      this.waiting.add(done)
      signal.addEventListener('abort', done)
    })
  }
}
