import { boot } from '#platform/boot'
import { welcomeFirstAdministrator } from '#platform/identity/first-administrator'
import { OperationsModule } from './operations.module.js'

await boot(OperationsModule, 'Coiltrail operations', welcomeFirstAdministrator)
