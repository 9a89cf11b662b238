import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common'
import { foundPlant } from '#domain/plant/decide/found-plant'
import { plants } from '#domain/plant/state'
import { PLANT_STREAM } from '#domain/streams'
import type { EventStore } from '#event-store/event-store'
import type { Actor } from '#platform/identity/roles'
import { EVENT_STORE } from '#platform/store'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { PlantCommand, type Told } from '../pipeline/plant-command.js'

const COILTRAIL: Actor = {
  kind: 'coiltrail',
  id: 'first-start',
  name: 'Coiltrail',
  role: 'administrator',
  source: 'import',
}

class FoundPlant extends PlantCommand<Told> {}

/**
 * Gives an empty store a plant to begin with. Of several processes that start at once one does it: it is one append,
 * under one key. Without the command bus, which takes no command before the app has started.
 */
@Injectable()
export class FirstStart implements OnApplicationBootstrap {
  constructor(
    private readonly pipeline: CommandPipeline,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    // The pipeline would answer the first outcome again, and read the whole history of every bay for it.
    const known = await this.store.readMany([{ stream: PLANT_STREAM }])
    if (known.get(PLANT_STREAM)?.length) return
    const request = { commandId: 'found-plant', actor: COILTRAIL, correlationId: 'first-start' }
    const { events, replayed } = await this.pipeline.run(new FoundPlant(request, {}), plants, 'main', async (history) =>
      foundPlant(await history.findOne(plants, 'main')),
    )
    if (!replayed) {
      new Logger('Plant').log(`First start: a plant to begin with was recorded, as ${events.length} facts`)
    }
  }
}
