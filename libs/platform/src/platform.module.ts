/** What every app stands on. Global: an app's module injects what it needs without importing this. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type DynamicModule, Inject, Injectable, Logger, Module, type OnApplicationShutdown } from '@nestjs/common'
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, DiscoveryModule } from '@nestjs/core'
import type pg from 'pg'
import { EVENT_FEED, type EventFeed, LIVE_FEEDS, type LiveFeeds, STREAM_READER } from '#event-feed/event-feed'
import { KafkaFeed } from '#event-feed/kafka/kafka-feed'
import { StoreFeed } from '#event-feed/store-feed'
import type { EventStore } from '#event-store/event-store'
import { Clock, SystemClock } from './clock.js'
import { CONFIG, type Config, kafkaSettings } from './config.js'
import { HealthController } from './health/health.controller.js'
import { HealthParts } from './health/health.js'
import { RateLimits } from './http/rate-limits.js'
import { AccessGuard } from './identity/access.guard.js'
import { AccessLog } from './identity/access-log.js'
import { ActingInterceptor } from './identity/acting.js'
import { ApiKeys } from './identity/api-keys.js'
import { Authenticator } from './identity/authenticator.js'
import { handOut } from './identity/first-keys.js'
import { Refusals } from './identity/refusals.js'
import { RoutesSayWhoMay } from './identity/routes-say-who-may.js'
import { SessionCookie } from './identity/session-cookie.js'
import { Sessions } from './identity/sessions.js'
import { makePool, SILENCE_MS } from './postgres/pool.js'
import { ProblemFilter } from './problems/problem.filter.js'
import { RequestValidationPipe } from './problems/validation.pipe.js'
import { Shutdown } from './shutdown.js'
import { DATABASE_URL, EVENT_STORE, type OpenStore, openEventStore } from './store.js'

const IDENTITY_POOL = Symbol('IDENTITY_POOL')
const OPEN_STORE = Symbol('OPEN_STORE')

/** Less than the patience that health has with any part, of which it would say that it is down. */
const STORE_PATIENCE_MS = 2_000

const IDENTITY_CONNECTIONS = 3

@Injectable()
class Connections implements OnApplicationShutdown {
  constructor(
    @Inject(OPEN_STORE) private readonly events: OpenStore,
    @Inject(IDENTITY_POOL) private readonly identity: pg.Pool,
    health: HealthParts,
  ) {
    health.register('database', async () => {
      await identity.query('SELECT 1')
      return { status: 'up' }
    })
    health.register('event-store', async () => {
      // What is in the read models can be asked for all the same.
      const late = sleep(STORE_PATIENCE_MS, undefined, { ref: false })
      const up = await Promise.race([events.store.head().catch(() => undefined), late])
      return { status: up === undefined ? 'degraded' : 'up' }
    })
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.events.close(), this.identity.end()])
  }
}

@Module({})
export class PlatformModule {}

export function platformModule(config: Config, databaseUrl: string, clock: Clock = new SystemClock()): DynamicModule {
  return {
    module: PlatformModule,
    global: true,
    imports: [DiscoveryModule],
    controllers: [HealthController],
    providers: [
      { provide: CONFIG, useValue: config },
      { provide: DATABASE_URL, useValue: databaseUrl },
      { provide: Clock, useValue: clock },
      {
        provide: IDENTITY_POOL,
        useFactory: () =>
          makePool(config.IDENTITY_DATABASE_URL ?? databaseUrl, 'identity', IDENTITY_CONNECTIONS, SILENCE_MS),
      },
      { provide: OPEN_STORE, useFactory: () => openEventStore(config, databaseUrl) },
      { provide: EVENT_STORE, inject: [OPEN_STORE], useFactory: ({ store }: OpenStore) => store },
      { provide: EVENT_FEED, inject: [OPEN_STORE], useFactory: ({ store }: OpenStore) => new StoreFeed(store) },
      { provide: LIVE_FEEDS, inject: [EVENT_FEED], useFactory: (feed: EventFeed) => liveFeeds(config, feed) },
      { provide: STREAM_READER, useExisting: EVENT_STORE },
      {
        provide: AccessLog,
        inject: [IDENTITY_POOL, EVENT_STORE],
        useFactory: (pool: pg.Pool, store: EventStore) => new AccessLog(pool, store),
      },
      {
        provide: ApiKeys,
        inject: [AccessLog],
        useFactory: async (log: AccessLog) => {
          const keys = new ApiKeys(log)
          const file = config.COILTRAIL_TOKENS_FILE
          await keys.prepare(file === undefined ? undefined : (made) => handOut(made, file))
          return keys
        },
      },
      { provide: Sessions, inject: [AccessLog, ApiKeys], useFactory: (log: AccessLog) => new Sessions(log) },
      { provide: SessionCookie, useFactory: () => new SessionCookie(config.PUBLIC_URL) },
      {
        provide: Authenticator,
        inject: [ApiKeys, Sessions, SessionCookie],
        useFactory: (...parts: [ApiKeys, Sessions, SessionCookie]) => new Authenticator(...parts),
      },
      RateLimits,
      Refusals,
      HealthParts,
      Connections,
      RoutesSayWhoMay,
      Shutdown,
      { provide: APP_FILTER, useClass: ProblemFilter },
      { provide: APP_GUARD, useClass: AccessGuard },
      { provide: APP_INTERCEPTOR, useClass: ActingInterceptor },
      { provide: APP_PIPE, useClass: RequestValidationPipe },
    ],
    exports: [
      CONFIG,
      DATABASE_URL,
      Clock,
      EVENT_FEED,
      EVENT_STORE,
      LIVE_FEEDS,
      STREAM_READER,
      AccessLog,
      ApiKeys,
      Authenticator,
      HealthParts,
      SessionCookie,
      Sessions,
      Shutdown,
    ],
  }
}

/** A broker's topic where there is one, read by a group of its own for each read model; the store itself otherwise. */
function liveFeeds(config: Config, feed: EventFeed): LiveFeeds {
  const settings = kafkaSettings(config)
  if (!settings) return () => feed
  return (readModel) => {
    const logger = new Logger(`Kafka ${readModel}`)
    return new KafkaFeed({ ...settings, group: `${settings.topic}.${readModel}` }, feed, logger)
  }
}
