import { Module } from '@nestjs/common'
import { AccessModule } from './access/access.module.js'
import { KeysModule } from './access/keys/keys.module.js'
import { ApprovalModule } from './approval/approval.module.js'
import { ArrivalsModule } from './arrivals/arrivals.module.js'
import { CastingModule } from './casting/casting.module.js'
import { CoilModule } from './coil/coil.module.js'
import { PlantModule } from './plant/plant.module.js'
import { ProcessingModule } from './processing/processing.module.js'
import { ReceiptModule } from './receipt/receipt.module.js'
import { SalesModule } from './sales/sales.module.js'

/** The write side: one folder per context, one file per command. */
@Module({
  imports: [
    ApprovalModule,
    AccessModule,
    KeysModule,
    CastingModule,
    ArrivalsModule,
    CoilModule,
    PlantModule,
    ProcessingModule,
    ReceiptModule,
    SalesModule,
  ],
})
export class OperationsModule {}
