import { boot } from '#platform/boot'
import { InventoryModule } from './inventory.module.js'

await boot(InventoryModule, 'Coiltrail inventory')
