import { requireFourEyes } from '../../approval/four-eyes.js'
import type { PlantFact, RecordedFact } from '../../events.js'
import type { Given } from '../../given.js'
import { requirePlausibleWeight } from '../../mass.js'
import { Checks } from '../../refusal.js'
import { factToCorrect, requireCorrectable } from '../corrections.js'
import { afterSale } from '../rules.js'
import type { Coil } from '../state.js'

const RECORDED_A_WEIGHT: readonly PlantFact['type'][] = [
  'CoilReceived',
  'CoilCast',
  'CoilProduced',
  'CoilWeighed',
  'CoilTreated',
  'CoilReturned',
  'CoilWeightCorrected',
]

export interface WeightCorrection {
  /** The event that recorded the wrong weight; the last one that recorded any, if left out. */
  readonly eventId?: string
  readonly netWeightKg: number
  readonly reason: string
  readonly confirmed: boolean
}

/**
 * A weight was written down wrong: the right one counts from now on, and the difference is booked. Of a coil that was
 * sold, somebody pays for it by weight: two must agree.
 */
export function correctWeight(
  coil: Coil,
  recorded: readonly RecordedFact[],
  { eventId, netWeightKg, reason, confirmed }: WeightCorrection,
  given: Given,
): PlantFact[] {
  const checks = new Checks()
  // Nothing else can be said of a coil that is past correcting: an expected one has no weight of its own yet.
  if (!requireCorrectable(checks, coil)) checks.done()
  const corrects = factToCorrect(checks, coil, recorded, RECORDED_A_WEIGHT, eventId)
  checks.require(
    netWeightKg !== coil.netWeightKg,
    'nothing-to-correct',
    `coil ${coil.coil} is recorded with ${netWeightKg} kg already`,
    { coil: coil.coil, netWeightKg },
    '/netWeightKg',
  )
  requirePlausibleWeight(checks, coil.product, netWeightKg, confirmed, '/netWeightKg')
  checks.done()
  return [
    {
      type: 'CoilWeightCorrected',
      data: {
        coil: coil.coil,
        corrects: corrects!,
        previousNetWeightKg: coil.netWeightKg,
        netWeightKg,
        adjustmentKg: netWeightKg - coil.netWeightKg,
        reason,
        ...(coil.sale && requireFourEyes(given, asks(coil, netWeightKg), reason)),
        ...afterSale(coil),
      },
    },
  ]
}

const asks = ({ coil, netWeightKg, sale }: Coil, toKg: number) =>
  `Correct the weight of coil ${coil}, sold on order ${sale!.salesOrder}, from ${netWeightKg} to ${toKg} kg`
