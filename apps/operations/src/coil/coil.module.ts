import { Module } from '@nestjs/common'
import { CqrsModule } from '@nestjs/cqrs'
import { PipelineModule } from '../pipeline/pipeline.module.js'
import { CoilController } from './coil.controller.js'
import { MoveCoilHandler } from './move-coil.command.js'

@Module({ imports: [CqrsModule, PipelineModule], controllers: [CoilController], providers: [MoveCoilHandler] })
export class CoilModule {}
