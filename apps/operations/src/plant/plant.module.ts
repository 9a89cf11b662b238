import { Module } from '@nestjs/common'
import { CqrsModule } from '@nestjs/cqrs'
import { PipelineModule } from '../pipeline/pipeline.module.js'
import { ConfigurePlantHandler } from './configure-plant.command.js'
import { DefineAlloyHandler } from './define-alloy.command.js'
import { DefineLineHandler } from './define-line.command.js'
import { DefineLocationHandler } from './define-location.command.js'
import { DefinePartnerHandler } from './define-partner.command.js'
import { DefineTemperHandler } from './define-temper.command.js'
import { FirstStart } from './first-start.js'
import { GrantSalesMandateHandler } from './grant-sales-mandate.command.js'
import { PlantController } from './plant.controller.js'
import { RevokeSalesMandateHandler } from './revoke-sales-mandate.command.js'
import { ShopFloorController } from './shop-floor.controller.js'

@Module({
  imports: [CqrsModule, PipelineModule],
  controllers: [PlantController, ShopFloorController],
  providers: [
    ConfigurePlantHandler,
    DefineAlloyHandler,
    DefineLineHandler,
    DefineLocationHandler,
    DefinePartnerHandler,
    DefineTemperHandler,
    FirstStart,
    GrantSalesMandateHandler,
    RevokeSalesMandateHandler,
  ],
})
export class PlantModule {}
