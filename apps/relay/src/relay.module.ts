import { Module } from '@nestjs/common'
import { AsyncApiController } from './asyncapi/asyncapi.controller.js'
import { RelayController } from './relay.controller.js'
import { RelayService } from './relay.service.js'

/** Publishes every event of the store to a topic of Kafka, for read models and for programs of others. */
@Module({ controllers: [RelayController, AsyncApiController], providers: [RelayService] })
export class RelayModule {}
