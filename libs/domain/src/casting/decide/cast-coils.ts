import { requireEachOnce, requireUnusedNumber } from '../../coil/rules.js'
import { coils } from '../../coil/state.js'
import type { PlantFact } from '../../events.js'
import type { Given } from '../../given.js'
import type { Known } from '../../known.js'
import { requirePlausibleWeight } from '../../mass.js'
import { requirePlaces, stored } from '../../plant/placement.js'
import { requireGrossCoversNet, requireKnownMetal, requireProduct } from '../../product-rules.js'
import { Checks } from '../../refusal.js'
import type { MeltShare, Product } from '../../words.js'
import { requireShares, sharesOf } from '../melt-shares.js'
import { MOST_COILS, requireAfterStart, requireRunning } from '../rules.js'
import type { CastingRun } from '../state.js'

export interface CastCoil {
  readonly coil: string
  readonly temper: string
  readonly gaugeMm: number
  readonly widthMm: number
  readonly innerDiameterMm: number
  readonly outerDiameterMm?: number
  readonly netWeightKg: number
  readonly grossWeightKg?: number
  readonly weighing: { readonly by: 'scale' | 'declared'; readonly scale?: string }
  readonly location: string
  /** Kg of each melt in it, whole; may be left out while the run has one melt. */
  readonly melts?: readonly MeltShare[]
  readonly confirmed: boolean
}

/** Coils come off the caster, all or none. `holder` has them in hand: the plant's company. */
export function castCoils(
  run: CastingRun,
  told: readonly CastCoil[],
  holder: string,
  known: Known,
  { occurredAt }: Given,
): PlantFact[] {
  const checks = new Checks()
  requireRunning(checks, run)
  requireAfterStart(checks, run, occurredAt)
  checks.require(
    run.coils.length + told.length <= MOST_COILS,
    'too-many-coils',
    `casting run ${run.castingRun} has ${run.coils.length} of at most ${MOST_COILS} coils: finish it, and start another`,
    { castingRun: run.castingRun, coils: run.coils.length },
  )
  requireEachOnce(
    checks,
    told.map((coil) => coil.coil),
    (i) => `/coils/${i}/coil`,
  )
  told.forEach((coil, i) => {
    const at = `/coils/${i}`
    requireUnusedNumber(checks, coil.coil, known.find(coils, coil.coil), `${at}/coil`)
    requireGrossCoversNet(checks, coil.netWeightKg, coil.grossWeightKg, `${at}/grossWeightKg`)
    const product = productOf(run, coil)
    requireKnownMetal(checks, known, product, at)
    requireProduct(checks, product, at)
    requirePlausibleWeight(checks, product, coil.netWeightKg, coil.confirmed, `${at}/netWeightKg`)
    requireShares(checks, run, coil, known, at)
  })
  requirePlaces(
    checks,
    known,
    told.map(({ location }, i) => ({ location, field: `/coils/${i}/location` })),
  )
  checks.done()
  return told.flatMap((coil) => cast(run, coil, holder))
}

/** Wound from the caster in the run's alloy. */
const productOf = ({ alloy }: CastingRun, coil: CastCoil): Product => ({
  form: 'coil',
  alloy,
  temper: coil.temper,
  gaugeMm: coil.gaugeMm,
  widthMm: coil.widthMm,
  innerDiameterMm: coil.innerDiameterMm,
  ...(coil.outerDiameterMm !== undefined && { outerDiameterMm: coil.outerDiameterMm }),
})

function cast(run: CastingRun, coil: CastCoil, holder: string): PlantFact[] {
  const { castingRun, line, owner } = run
  const { coil: number, netWeightKg, grossWeightKg, weighing, location } = coil
  const melts = sharesOf(run, coil)
  return [
    { type: 'CoilCastInRun', data: { castingRun, coil: number, netWeightKg, melts } },
    {
      type: 'CoilCast',
      data: {
        coil: number,
        castingRun,
        line,
        melts,
        owner,
        holder,
        product: productOf(run, coil),
        netWeightKg,
        ...(grossWeightKg !== undefined && { grossWeightKg }),
        weighing: { ...weighing },
        location,
      },
    },
    stored(number, location),
  ]
}
