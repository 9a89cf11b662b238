/** What every app stands on. Global: an app's module injects what it needs without importing this. */
import { type DynamicModule, Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common'
import { APP_FILTER, APP_GUARD, APP_PIPE, DiscoveryModule } from '@nestjs/core'
import type pg from 'pg'
import { EVENT_FEED, STREAM_READER } from '#event-feed/event-feed'
import { StoreFeed } from '#event-feed/store-feed'
import type { EventStore } from '#event-store/event-store'
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store'
import { Clock, SystemClock } from './clock.js'
import { CONFIG, type Config } from './config.js'
import { HealthController } from './health/health.controller.js'
import { HealthParts } from './health/health.js'
import { AccessGuard } from './identity/access.guard.js'
import { AccessTokens } from './identity/access-tokens.js'
import { Authenticator } from './identity/authenticator.js'
import { handOut } from './identity/first-tokens.js'
import { RoutesSayWhoMay } from './identity/routes-say-who-may.js'
import { makePool, SILENCE_MS } from './postgres/pool.js'
import { ProblemFilter } from './problems/problem.filter.js'
import { RequestValidationPipe } from './problems/validation.pipe.js'
import { Shutdown } from './shutdown.js'
import { DATABASE_URL, EVENT_STORE, EVENT_STORE_POOL } from './store.js'

const IDENTITY_POOL = Symbol('IDENTITY_POOL')

/** Connections for appends and reads: appends are gathered into one transaction at a time, so that few suffice. */
const EVENT_STORE_CONNECTIONS = 12
const IDENTITY_CONNECTIONS = 3

@Injectable()
class Pools implements OnApplicationShutdown {
  constructor(
    @Inject(EVENT_STORE_POOL) private readonly eventStore: pg.Pool,
    @Inject(IDENTITY_POOL) private readonly identity: pg.Pool,
    health: HealthParts,
  ) {
    health.register('database', async () => {
      await identity.query('SELECT 1')
      return { status: 'up' }
    })
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.eventStore.end(), this.identity.end()])
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
        provide: EVENT_STORE_POOL,
        useFactory: () => makePool(databaseUrl, 'event store', EVENT_STORE_CONNECTIONS, SILENCE_MS),
      },
      {
        provide: IDENTITY_POOL,
        useFactory: () => makePool(databaseUrl, 'identity', IDENTITY_CONNECTIONS, SILENCE_MS),
      },
      {
        provide: EVENT_STORE,
        inject: [EVENT_STORE_POOL],
        useFactory: async (pool: pg.Pool) => {
          const store = new PostgresEventStore(pool)
          await store.migrate()
          return store
        },
      },
      { provide: EVENT_FEED, inject: [EVENT_STORE], useFactory: (store: EventStore) => new StoreFeed(store) },
      { provide: STREAM_READER, useExisting: EVENT_STORE },
      {
        provide: AccessTokens,
        inject: [IDENTITY_POOL],
        useFactory: async (pool: pg.Pool) => {
          const tokens = new AccessTokens(pool)
          await tokens.prepare((made) => handOut(made, config.COILTRAIL_TOKENS_FILE))
          return tokens
        },
      },
      Authenticator,
      HealthParts,
      Pools,
      RoutesSayWhoMay,
      Shutdown,
      { provide: APP_FILTER, useClass: ProblemFilter },
      { provide: APP_GUARD, useClass: AccessGuard },
      { provide: APP_PIPE, useClass: RequestValidationPipe },
    ],
    exports: [
      CONFIG,
      DATABASE_URL,
      Clock,
      EVENT_FEED,
      EVENT_STORE,
      EVENT_STORE_POOL,
      STREAM_READER,
      AccessTokens,
      HealthParts,
      Shutdown,
    ],
  }
}
