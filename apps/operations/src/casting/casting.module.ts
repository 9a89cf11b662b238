import { Module } from '@nestjs/common'
import { CqrsModule } from '@nestjs/cqrs'
import { PipelineModule } from '../pipeline/pipeline.module.js'
import { AnalyseMeltHandler } from './analyse-melt.command.js'
import { CastCoilsHandler } from './cast-coils.command.js'
import { CastingRunController } from './casting-run.controller.js'
import { ChargeMeltHandler } from './charge-melt.command.js'
import { FinishCastingRunHandler } from './finish-casting-run.command.js'
import { MeltController } from './melt.controller.js'
import { StartCastingRunHandler } from './start-casting-run.command.js'

@Module({
  imports: [CqrsModule, PipelineModule],
  controllers: [CastingRunController, MeltController],
  providers: [AnalyseMeltHandler, CastCoilsHandler, ChargeMeltHandler, FinishCastingRunHandler, StartCastingRunHandler],
})
export class CastingModule {}
