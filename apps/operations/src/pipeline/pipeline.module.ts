import { Module } from '@nestjs/common'
import { CommandPipeline } from './command-pipeline.js'

/** One pipeline for all commands: its memory of folded streams is shared. */
@Module({ providers: [CommandPipeline], exports: [CommandPipeline] })
export class PipelineModule {}
