import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common'
import type pg from 'pg'
import { EVENT_FEED, type EventFeed } from '#event-feed/event-feed'
import { type Position, START } from '#event-store/event-store'
import { Clock } from '#platform/clock'
import { CONFIG, type Config } from '#platform/config'
import { HealthParts } from '#platform/health/health'
import { makePool, SILENCE_MS } from '#platform/postgres/pool'
import { DATABASE_URL } from '#platform/store'
import { migrateCheckpoints, readCheckpoint } from './checkpoint.js'
import { Relay } from './relay.js'
import { type RelaySettings, relaySettings } from './relay-settings.js'
import type { RelayView } from './relay-view.js'

/** The lease holds one; the rest is for standing by and the API. */
const CONNECTIONS = 3
const PATIENCE_MS = 2_000

/** The relay of this process, and where it stands. */
@Injectable()
export class RelayService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly settings: RelaySettings
  private readonly pool: pg.Pool
  private readonly relay: Relay

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(DATABASE_URL) databaseUrl: string,
    @Inject(EVENT_FEED) private readonly feed: EventFeed,
    private readonly clock: Clock,
    health: HealthParts,
  ) {
    this.settings = relaySettings(config)
    this.pool = makePool(databaseUrl, 'relay', CONNECTIONS, SILENCE_MS)
    const { settings, pool } = this
    this.relay = new Relay({ settings, pool, feed: this.feed, logger: new Logger('Relay') })
    health.register('relay', () => {
      const { state } = this.relay
      return { status: state === 'active' || state === 'standby' ? 'up' : 'degraded', state }
    })
  }

  async onApplicationBootstrap(): Promise<void> {
    await migrateCheckpoints(this.pool)
    this.relay.start()
  }

  async onApplicationShutdown(): Promise<void> {
    await this.relay.stop()
    await this.pool.end()
  }

  async view(): Promise<RelayView> {
    const { state, reason, speed } = this.relay
    const [kept, head] = await Promise.all([readCheckpoint(this.pool, this.settings.topic), this.feed.head()])
    const { position = START, events = 0, partitions } = kept ?? {}
    return {
      state,
      reason: reason ?? null,
      topic: this.settings.topic,
      partitions: partitions ?? null,
      position: position.toString(),
      head: head.toString(),
      ...(await this.behind(position, events, head)),
      eventsPerSecond: speed.eventsPerSecond(performance.now()),
      published: speed.published,
    }
  }

  private async behind(position: Position, events: number, head: Position) {
    if (position >= head) return { eventsBehind: 0, secondsBehind: 0 }
    const density = position > START ? events / Number(position) : 1
    const oldest = await this.recordedAfter(position)
    return {
      eventsBehind: Math.max(1, Math.round(Number(head - position) * density)),
      secondsBehind: oldest ? Math.max(0, (this.clock.now().getTime() - oldest.getTime()) / 1000) : 0,
    }
  }

  private async recordedAfter(position: Position): Promise<Date | undefined> {
    for await (const [first] of this.feed.subscribe(position, AbortSignal.timeout(PATIENCE_MS))) {
      return first!.recordedAt
    }
    return undefined
  }
}
