import { Module } from '@nestjs/common'
import { readModelModule } from '#platform/read-model/read-model.module'
import { projectionModule } from '#projection/projection.module'
import { LeadTimeController } from './lead-time/lead-time.controller.js'
import { LeadTimeService } from './lead-time/lead-time.service.js'
import { ProductionController } from './production/production.controller.js'
import { ProductionService } from './production/production.service.js'
import { throughputProjection } from './projection/throughput.projection.js'
import { WorkInProcessController } from './work-in-process/work-in-process.controller.js'
import { WorkInProcessService } from './work-in-process/work-in-process.service.js'

/** Production per line, product, shift, day, week and month; lead times; work in process. */
@Module({
  imports: [projectionModule(throughputProjection), readModelModule('throughput')],
  controllers: [ProductionController, LeadTimeController, WorkInProcessController],
  providers: [ProductionService, LeadTimeService, WorkInProcessService],
})
export class ThroughputModule {}
