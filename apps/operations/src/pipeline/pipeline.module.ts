import { Module } from '@nestjs/common'
import { CommandPipeline } from './command-pipeline.js'
import { CommandsHealth } from './commands-health.js'

/** One pipeline for all commands: its memory of folded streams is shared. */
@Module({ providers: [CommandPipeline, CommandsHealth], exports: [CommandPipeline] })
export class PipelineModule {}
