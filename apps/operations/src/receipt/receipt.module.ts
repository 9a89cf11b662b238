import { Module } from '@nestjs/common'
import { CqrsModule } from '@nestjs/cqrs'
import { PipelineModule } from '../pipeline/pipeline.module.js'
import { AcceptDifferenceHandler } from './accept-difference.command.js'
import { ReceiptController } from './receipt.controller.js'
import { ReceiveCoilsHandler } from './receive-coils.command.js'

@Module({
  imports: [CqrsModule, PipelineModule],
  controllers: [ReceiptController],
  providers: [ReceiveCoilsHandler, AcceptDifferenceHandler],
})
export class ReceiptModule {}
