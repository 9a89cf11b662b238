import { Module } from '@nestjs/common'
import { InventoryModule } from '#apps/inventory/src/inventory.module'
import { OperationsModule } from '#apps/operations/src/operations.module'
import { ThroughputModule } from '#apps/throughput/src/throughput.module'

/** Everything in one process: the default. */
@Module({ imports: [OperationsModule, InventoryModule, ThroughputModule] })
export class StandaloneModule {}
