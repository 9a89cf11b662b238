/**
 * The one order of all events, put together again from partitions that each have only their own. Pure.
 *
 * Every event names the position of the one before it. What follows the last one delivered is therefore known to be
 * next, whichever partition brings it, and as long as it has not come nothing after it is delivered.
 */
import type { Position } from '#event-store/event-store'
import type { LinkedEvent } from './message.js'

/** How much of one partition waits for its turn. */
interface Held {
  events: number
  bytes: number
}

export interface FoundEvent extends LinkedEvent {
  readonly found: { readonly partition: number; readonly offset: bigint }
  /** Size of the message, about. */
  readonly bytes: number
}

export class OneOrder {
  /** By the position that each follows. */
  private readonly waiting = new Map<Position, FoundEvent>()
  private readonly byPartition = new Map<number, Held>()

  constructor(private last: Position) {}

  /** Position of the last event delivered. */
  get reached(): Position {
    return this.last
  }

  get size(): number {
    return this.waiting.size
  }

  held(partition: number): Readonly<Held> {
    return this.byPartition.get(partition) ?? { events: 0, bytes: 0 }
  }

  /** Repeated events are dropped. */
  take(event: FoundEvent): void {
    const behind = this.behind(event)
    if (event.position <= this.last || this.waiting.has(behind)) return
    this.waiting.set(behind, event)
    this.count(event, 1)
  }

  /** What follows without a gap, at most so many. */
  next(most: number): FoundEvent[] {
    const events: FoundEvent[] = []
    for (let event = this.waiting.get(this.last); event && events.length < most; event = this.waiting.get(this.last)) {
      this.waiting.delete(this.last)
      this.count(event, -1)
      this.last = event.position
      events.push(event)
    }
    return events
  }

  /** The lowest position that an event which waits follows: up to there something is missing. */
  gapEnd(): Position | undefined {
    let lowest: Position | undefined
    for (const previous of this.waiting.keys()) if (lowest === undefined || previous < lowest) lowest = previous
    return lowest
  }

  /** Everything up to here was delivered from elsewhere, or there is nothing. */
  passTo(position: Position): void {
    this.last = position
    for (const [behind, event] of [...this.waiting]) {
      if (behind >= position) continue
      this.waiting.delete(behind)
      this.count(event, -1)
      this.take(event)
    }
  }

  /** Between an event and the one that it follows there is nothing: it is also next to whatever position lies there. */
  private behind({ previous }: FoundEvent): Position {
    return previous < this.last ? this.last : previous
  }

  private count({ found: { partition }, bytes }: FoundEvent, sign: 1 | -1): void {
    const held = this.byPartition.get(partition) ?? { events: 0, bytes: 0 }
    held.events += sign
    held.bytes += sign * bytes
    this.byPartition.set(partition, held)
  }
}
