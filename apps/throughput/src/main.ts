import { boot } from '#platform/boot'
import { ThroughputModule } from './throughput.module.js'

await boot(ThroughputModule, 'Coiltrail throughput')
