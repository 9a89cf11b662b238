import { Module } from '@nestjs/common'
import { CoilModule } from './coil/coil.module.js'
import { PlantModule } from './plant/plant.module.js'
import { ReceiptModule } from './receipt/receipt.module.js'

/** The write side: one folder per context, one file per command. */
@Module({ imports: [CoilModule, PlantModule, ReceiptModule] })
export class OperationsModule {}
