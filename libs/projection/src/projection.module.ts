/** Runs a projection inside an app: `imports: [projectionModule(inventory)]`, `@Inject(runnerOf('inventory'))`. */
import { type DynamicModule, Module } from '@nestjs/common'
import {
  EVENT_FEED,
  type EventFeed,
  LIVE_FEEDS,
  type LiveFeeds,
  STREAM_READER,
  type StreamReader,
} from '#event-feed/event-feed'
import { makePool } from '#platform/postgres/pool'
import { DATABASE_URL } from '#platform/store'
import type { Projection } from './projection.js'
import { ProjectionsController } from './projections.controller.js'
import { Projections } from './projections.js'
import { ProjectionRunner } from './runner.js'

/** The live runner, a rebuild, its swap and a retry hold one each; the rest is for waiting queries and the API. */
const CONNECTIONS = 8

/** One for the process, however many projections it runs. */
@Module({ providers: [Projections], controllers: [ProjectionsController], exports: [Projections] })
export class ProjectionsModule {}

@Module({})
export class ProjectionModule {}

/** Injection token of the `ProjectionRunner` of a projection; it is also the `ReadModelPosition` of `WaitForAfter`. */
export function runnerOf(projection: string): string {
  return `ProjectionRunner ${projection}`
}

export function projectionModule(projection: Projection): DynamicModule {
  return {
    module: ProjectionModule,
    imports: [ProjectionsModule],
    providers: [
      {
        provide: runnerOf(projection.name),
        inject: [Projections, DATABASE_URL, EVENT_FEED, LIVE_FEEDS, STREAM_READER],
        useFactory: (
          projections: Projections,
          url: string,
          feed: EventFeed,
          feeds: LiveFeeds,
          reader: StreamReader,
        ) => {
          const pool = makePool(url, `projection ${projection.name}`, CONNECTIONS)
          return projections.add(
            new ProjectionRunner(projection, { pool, feed, live: feeds(projection.name), reader }),
            pool,
          )
        },
      },
    ],
    exports: [runnerOf(projection.name)],
  }
}
