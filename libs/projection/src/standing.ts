/** Where a projection stands: how far behind it is, and how far its rebuild has come. */
import type { Pool } from 'pg'
import type { EventFeed } from '#event-feed/event-feed'
import { type Position, type RecordedEvent, START } from '#event-store/event-store'
import { type Build, find } from './builds.js'
import { Lease } from './lease.js'
import type { Projection } from './projection.js'
import { type RebuildProgress, rebuildLease } from './rebuild.js'

export interface Lag {
  readonly position: Position
  readonly head: Position
  /** An estimate where the store's positions are not dense. */
  readonly eventsBehind: number
  /** Age of the oldest event that is not applied. */
  readonly secondsBehind: number
}

export interface RebuildStatus extends RebuildProgress {
  /** False: it was stopped, or its process ended; the next rebuild goes on from here. */
  readonly running: boolean
}

export async function liveBuild(pool: Pool, projection: Projection): Promise<Build> {
  const live = await find(pool, projection, 'live')
  if (!live) throw new Error(`projection ${projection.name} has no tables yet: its runner was never started`)
  return live
}

export async function lagOf(pool: Pool, projection: Projection, feed: EventFeed, now: Date): Promise<Lag> {
  const { position, events } = await liveBuild(pool, projection)
  const head = await feed.head()
  if (position >= head) return { position, head, eventsBehind: 0, secondsBehind: 0 }
  const oldest = await firstAfter(feed, position)
  const density = position > START ? Math.min(1, events / Number(position)) : 1
  return {
    position,
    head,
    eventsBehind: Math.max(1, Math.round(Number(head - position) * density)),
    secondsBehind: oldest ? Math.max(0, (now.getTime() - oldest.recordedAt.getTime()) / 1000) : 0,
  }
}

/** From the database alone: the rebuild may run in another process, or in none now. */
export async function rebuildStatusOf(
  pool: Pool,
  projection: Projection,
  feed: EventFeed,
): Promise<RebuildStatus | undefined> {
  const building = await find(pool, projection, 'building')
  if (!building) return undefined
  const { version, events, position, startedAt, updatedAt, indexed } = building
  const [running, head] = await Promise.all([Lease.isTaken(pool, rebuildLease(projection)), feed.head()])
  const seconds = Math.max(1, (updatedAt.getTime() - startedAt.getTime()) / 1000)
  const eventsPerSecond = Math.round(events / seconds)
  const density = position > START ? events / Number(position) : 1
  const ofEvents = Math.max(events, Math.round(Number(head) * density))
  const secondsLeft = running && eventsPerSecond > 0 ? Math.ceil((ofEvents - events) / eventsPerSecond) : undefined
  const phase = indexed ? 'catching up' : 'history'
  return { running, phase, version, events, ofEvents, eventsPerSecond, secondsLeft }
}

const PATIENCE_MS = 2_000

async function firstAfter(feed: EventFeed, position: Position): Promise<RecordedEvent | undefined> {
  const stop = AbortSignal.timeout(PATIENCE_MS)
  for await (const [first] of feed.subscribe(position, stop)) return first
  return undefined
}
