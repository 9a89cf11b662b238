import { boot } from '#platform/boot'
import { RelayModule } from './relay.module.js'

await boot(RelayModule, 'Coiltrail relay')
