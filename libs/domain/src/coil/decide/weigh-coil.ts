import type { PlantFact } from '../../events.js'
import { requirePlausibleWeight } from '../../mass.js'
import { requireGrossCoversNet } from '../../product-rules.js'
import { Checks } from '../../refusal.js'
import { afterSale, requireInStock } from '../rules.js'
import type { Coil } from '../state.js'

export interface Weighed {
  readonly netWeightKg: number
  readonly grossWeightKg?: number
  readonly scale: string
  readonly confirmed: boolean
}

/** A coil in stock on a scale. What the scale says counts; the difference to the books is booked. Weights in kg. */
export function weighCoil(coil: Coil, { netWeightKg, grossWeightKg, scale, confirmed }: Weighed): PlantFact[] {
  const checks = new Checks()
  requireInStock(checks, coil)
  requireGrossCoversNet(checks, netWeightKg, grossWeightKg, '/grossWeightKg')
  requirePlausibleWeight(checks, coil.product, netWeightKg, confirmed, '/netWeightKg')
  checks.done()
  return [
    {
      type: 'CoilWeighed',
      data: {
        coil: coil.coil,
        netWeightKg,
        ...(grossWeightKg !== undefined && { grossWeightKg }),
        scale,
        previousNetWeightKg: coil.netWeightKg,
        adjustmentKg: netWeightKg - coil.netWeightKg,
        ...afterSale(coil),
      },
    },
  ]
}
