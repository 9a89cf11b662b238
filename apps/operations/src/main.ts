import { boot } from '#platform/boot'
import { OperationsModule } from './operations.module.js'

await boot(OperationsModule, 'Coiltrail operations')
