import { Module } from '@nestjs/common'
import { CqrsModule } from '@nestjs/cqrs'
import { PipelineModule } from '../pipeline/pipeline.module.js'
import { CoilController } from './coil.controller.js'
import { CorrectProductHandler } from './correct-product.command.js'
import { CorrectWeightHandler } from './correct-weight.command.js'
import { DowngradeCoilHandler } from './downgrade-coil.command.js'
import { HoldCoilHandler } from './hold-coil.command.js'
import { InspectCoilHandler } from './inspect-coil.command.js'
import { MoveCoilHandler } from './move-coil.command.js'
import { MovePackHandler } from './move-pack.command.js'
import { OpenPackHandler } from './open-pack.command.js'
import { PackController } from './pack.controller.js'
import { PackCoilsHandler } from './pack-coils.command.js'
import { QualityController } from './quality.controller.js'
import { RejectCoilHandler } from './reject-coil.command.js'
import { ReleaseCoilHandler } from './release-coil.command.js'
import { ScrapCoilHandler } from './scrap-coil.command.js'
import { TransferTitleHandler } from './transfer-title.command.js'
import { WeighCoilHandler } from './weigh-coil.command.js'

@Module({
  imports: [CqrsModule, PipelineModule],
  controllers: [CoilController, QualityController, PackController],
  providers: [
    CorrectProductHandler,
    CorrectWeightHandler,
    DowngradeCoilHandler,
    HoldCoilHandler,
    InspectCoilHandler,
    MoveCoilHandler,
    MovePackHandler,
    OpenPackHandler,
    PackCoilsHandler,
    RejectCoilHandler,
    ReleaseCoilHandler,
    ScrapCoilHandler,
    TransferTitleHandler,
    WeighCoilHandler,
  ],
})
export class CoilModule {}
