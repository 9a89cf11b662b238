import type { PlantFact, RecordedFact } from '../../events.js'
import { requirePlausibleWeight } from '../../mass.js'
import { requireProduct } from '../../product-rules.js'
import { Checks } from '../../refusal.js'
import type { Product } from '../../words.js'
import { factToCorrect, requireCorrectable } from '../corrections.js'
import { afterSale } from '../rules.js'
import type { Coil } from '../state.js'

const RECORDED_THE_PRODUCT: readonly PlantFact['type'][] = [
  'CoilReceived',
  'CoilCast',
  'CoilProduced',
  'CoilTreated',
  'CoilProductCorrected',
]

export interface ProductCorrection {
  /** The event that recorded it wrong; the last one that recorded the product, if left out. */
  readonly eventId?: string
  /** Only what was wrong. */
  readonly product: Partial<Omit<Product, 'form'>>
  readonly reason: string
  readonly confirmed: boolean
}

/** Alloy, temper or a dimension was written down wrong. Whether alloy and temper are known is the caller's to see. */
export function correctProduct(
  coil: Coil,
  recorded: readonly RecordedFact[],
  { eventId, product: right, reason, confirmed }: ProductCorrection,
): PlantFact[] {
  const checks = new Checks()
  if (!requireCorrectable(checks, coil)) checks.done()
  const corrects = factToCorrect(checks, coil, recorded, RECORDED_THE_PRODUCT, eventId)
  const product: Product = { ...coil.product, ...right }
  checks.require(
    Object.entries(right).some(([field, value]) => coil.product[field as keyof Product] !== value),
    'nothing-to-correct',
    `coil ${coil.coil} is recorded so already`,
    { coil: coil.coil, product: coil.product },
    '/product',
  )
  requireProduct(checks, product, '/product')
  requirePlausibleWeight(checks, product, coil.netWeightKg, confirmed, '/product')
  checks.done()
  return [
    {
      type: 'CoilProductCorrected',
      data: { coil: coil.coil, corrects: corrects!, previous: coil.product, product, reason, ...afterSale(coil) },
    },
  ]
}
