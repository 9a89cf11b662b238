import { boot } from '#platform/boot'
import { welcomeFirstAdministrator } from '#platform/identity/first-administrator'
import { StandaloneModule } from './standalone.module.js'

await boot(StandaloneModule, 'Coiltrail', welcomeFirstAdministrator)
