import { Inject, Injectable } from '@nestjs/common'
import type { EventStore } from '#event-store/event-store'
import { HealthParts } from '#platform/health/health'
import { EVENT_STORE } from '#platform/store'

/** Without the event store nothing can be decided nor recorded: an app that takes commands is down. */
@Injectable()
export class CommandsHealth {
  constructor(@Inject(EVENT_STORE) store: EventStore, health: HealthParts) {
    health.register('commands', async () => {
      await store.head()
      return { status: 'up' }
    })
  }
}
