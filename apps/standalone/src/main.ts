import { boot } from '#platform/boot'
import { StandaloneModule } from './standalone.module.js'

await boot(StandaloneModule, 'Coiltrail')
