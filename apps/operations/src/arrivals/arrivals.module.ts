import { Module } from '@nestjs/common'
import { CqrsModule } from '@nestjs/cqrs'
import { PipelineModule } from '../pipeline/pipeline.module.js'
import { AnnounceCoilsHandler } from './announce-coils.command.js'
import { ArrivalsController } from './arrivals.controller.js'

@Module({
  imports: [CqrsModule, PipelineModule],
  controllers: [ArrivalsController],
  providers: [AnnounceCoilsHandler],
})
export class ArrivalsModule {}
