import type { z } from 'zod'
import type { Coil } from '../coil/state.js'
import { DENSITY_G_CM3, sumKg } from '../mass.js'
import type { Step } from '../plant/events.js'
import type { Checks } from '../refusal.js'
import type { Product } from '../words.js'
import type { plannedOutput } from './events.js'
import { KEEPS_TEMPER } from './steps.js'

/** Rule 6: slitting divides the width, rolling thins, nothing thickens. What each step may do to a strip. */

/** Paint and lacquer, both sides: the thickest systems (plastisols) are below this, in mm. */
const MOST_COATING_MM = 0.3
/** The heaviest pigments, dry. */
const MOST_COATING_DENSITY_G_CM3 = 2
/** Rolled metal spreads a little: hot more than cold, never more than this, of its width. */
const MOST_SPREAD = 0.02
/** Mothers of a join are of one gauge and width by order, but were each measured. */
const JOIN_WIDTH_MM = 2
const JOIN_GAUGE = 0.02
/** Below what any gauge or width is measured to; only floating point differs by so little. */
const SAME_MM = 1e-6

/** One child and one of its mothers; `field` points at the child in the body. */
interface Descent {
  readonly checks: Checks
  readonly coil: string
  readonly child: Product
  readonly mother: Coil
  readonly field: string
}

/** What a step may do to gauge and width. */
const MAY: Readonly<Partial<Record<Step, (descent: Descent) => void>>> = {
  roll(descent) {
    thinner(descent)
    notWider(descent, MOST_SPREAD)
  },
  level(descent) {
    sameGauge(descent)
    sameWidth(descent)
  },
  coat(descent) {
    coated(descent)
    sameWidth(descent)
  },
  'edge-trim'(descent) {
    sameGauge(descent)
    narrower(descent)
  },
  // How wide a strip may be is a matter of all its mother's children together: requireWidthsFit.
  slit: (descent) => sameGauge(descent),
  divide(descent) {
    sameGauge(descent)
    sameWidth(descent)
  },
  'cut-to-length'(descent) {
    sameGauge(descent)
    sameWidth(descent)
  },
  join(descent) {
    sameGauge(descent, descent.mother.product.gaugeMm * JOIN_GAUGE)
    sameWidth(descent, JOIN_WIDTH_MM)
  },
}

/** Rule 6 for one product of a step and one of its mothers. */
export function requireDescent(step: Step, descent: Descent): void {
  MAY[step]?.(descent)
}

/** What is left of a mother is as its mother was. */
export function requireUnchanged(descent: Descent): void {
  sameGauge(descent)
  sameWidth(descent)
  sameTemper(descent)
}

/** A cut does not change the temper. Of mothers with several tempers, it is one of theirs. */
export function requireTemper(
  checks: Checks,
  step: Step,
  child: string,
  temper: string,
  mothers: readonly Coil[],
  field: string,
) {
  const theirs = [...new Set(mothers.map((mother) => mother.product.temper))]
  checks.require(
    !KEEPS_TEMPER.has(step) || theirs.includes(temper),
    'temper-changed',
    `${child} is given temper ${temper}, but its mother has ${theirs.join(' or ')}: ${step} does not change it`,
    { coil: child, temper, motherTempers: theirs },
    `${field}/temper`,
  )
}

/** Rule 6: widths of the children of one mother plus trim do not exceed her width; they lie side by side in her. */
export function requireWidthsFit(checks: Checks, mother: Coil, childrenMm: readonly number[], trimMm: number): boolean {
  const totalMm = Math.round((sumKg(childrenMm) + trimMm) * 1000) / 1000
  const { widthMm } = mother.product
  return checks.require(
    totalMm <= widthMm + SAME_MM,
    'widths-exceed-mother',
    `from ${mother.coil}, ${widthMm} mm wide, ${childrenMm.length} strips of ${childrenMm.join(' + ')} mm` +
      `${trimMm ? ` and ${trimMm} mm trim` : ''} are said to be cut: that is ${totalMm} mm`,
    { coil: mother.coil, widthMm, childrenMm, trimMm, totalMm },
    '/outputs',
  )
}

/** Rule 5: paint is no metal, but metal must not be made by calling it paint. It has the area of the strips it is on. */
export function requireCoatingFits(checks: Checks, mothers: readonly Coil[], coatingKg: number): void {
  const mostKg = Math.floor(
    sumKg(
      mothers.map(
        ({ netWeightKg, product: { gaugeMm } }) =>
          (netWeightKg * MOST_COATING_MM * MOST_COATING_DENSITY_G_CM3) / (gaugeMm * DENSITY_G_CM3),
      ),
    ),
  )
  checks.require(
    coatingKg <= mostKg,
    'coating-too-heavy',
    `${coatingKg} kg of paint are said to be on the strip; on both its sides there is room for ${mostKg} kg at most`,
    { coatingKg, mostKg },
    '/coatingKg',
  )
}

/** Of a plan, only what no coil of the order could ever give: wider, thicker, or more side by side than there is. */
export function requirePossible(
  checks: Checks,
  step: Step,
  planned: readonly z.output<typeof plannedOutput>[],
  inputs: readonly Coil[],
): void {
  const [widest, thickest] = [
    inputs.reduce((one, other) => (other.product.widthMm > one.product.widthMm ? other : one)),
    inputs.reduce((one, other) => (other.product.gaugeMm > one.product.gaugeMm ? other : one)),
  ]
  planned.forEach(({ widthMm = 0, gaugeMm }, i) => {
    const field = `/planned/${i}`
    const child = { ...widest.product, widthMm, gaugeMm: gaugeMm ?? 0 }
    const coil = `planned output ${i + 1}`
    notWider({ checks, coil, child, mother: widest, field }, step === 'roll' ? MOST_SPREAD : 0)
    if (gaugeMm === undefined) return
    if (step === 'roll') thinner({ checks, coil, child, mother: thickest, field })
    else notThicker({ checks, coil, child, mother: thickest, field }, step === 'coat' ? MOST_COATING_MM : 0)
  })
  if (step !== 'slit') return
  const neededMm = sumKg(planned.map(({ widthMm = 0, pieces = 1 }) => widthMm * pieces))
  const thereMm = sumKg(inputs.map((coil) => coil.product.widthMm))
  checks.require(
    neededMm <= thereMm + SAME_MM,
    'widths-exceed-mother',
    `strips of ${neededMm} mm in all are planned, but the coils have ${thereMm} mm`,
    { plannedMm: neededMm, widthMm: thereMm },
    '/planned',
  )
}

function thinner({ checks, coil, child, mother, field }: Descent): void {
  const motherGaugeMm = mother.product.gaugeMm
  checks.require(
    child.gaugeMm < motherGaugeMm - SAME_MM,
    'not-thinner',
    `${coil} is ${child.gaugeMm} mm thick, its mother ${mother.coil} was ${motherGaugeMm} mm: rolling makes it thinner`,
    { coil, gaugeMm: child.gaugeMm, mother: mother.coil, motherGaugeMm },
    `${field}/gaugeMm`,
  )
}

function coated(descent: Descent): void {
  const { checks, coil, child, mother, field } = descent
  notThicker(descent, MOST_COATING_MM)
  checks.require(
    child.gaugeMm > mother.product.gaugeMm - SAME_MM,
    'gauge-changed',
    `${coil} is ${child.gaugeMm} mm thick, its mother ${mother.coil} was ${mother.product.gaugeMm} mm: coating does not thin`,
    { coil, gaugeMm: child.gaugeMm, mother: mother.coil, motherGaugeMm: mother.product.gaugeMm },
    `${field}/gaugeMm`,
  )
}

function notThicker({ checks, coil, child, mother, field }: Descent, byMm: number): void {
  const motherGaugeMm = mother.product.gaugeMm
  checks.require(
    child.gaugeMm <= motherGaugeMm + byMm + SAME_MM,
    'thicker-than-mother',
    `${coil} is ${child.gaugeMm} mm thick, its mother ${mother.coil} was ${motherGaugeMm} mm: ` +
      (byMm ? `a coating adds ${byMm} mm at most` : 'nothing makes it thicker'),
    { coil, gaugeMm: child.gaugeMm, mother: mother.coil, motherGaugeMm, mostMm: byMm },
    `${field}/gaugeMm`,
  )
}

function sameGauge({ checks, coil, child, mother, field }: Descent, withinMm = 0): void {
  const motherGaugeMm = mother.product.gaugeMm
  checks.require(
    Math.abs(child.gaugeMm - motherGaugeMm) <= withinMm + SAME_MM,
    'gauge-changed',
    `${coil} is ${child.gaugeMm} mm thick, its mother ${mother.coil} was ${motherGaugeMm} mm: this step does not change it`,
    { coil, gaugeMm: child.gaugeMm, mother: mother.coil, motherGaugeMm },
    `${field}/gaugeMm`,
  )
}

function sameWidth({ checks, coil, child, mother, field }: Descent, withinMm = 0): void {
  const motherWidthMm = mother.product.widthMm
  checks.require(
    Math.abs(child.widthMm - motherWidthMm) <= withinMm + SAME_MM,
    'width-changed',
    `${coil} is ${child.widthMm} mm wide, its mother ${mother.coil} was ${motherWidthMm} mm: this step does not change it`,
    { coil, widthMm: child.widthMm, mother: mother.coil, motherWidthMm },
    `${field}/widthMm`,
  )
}

function narrower({ checks, coil, child, mother, field }: Descent): void {
  const motherWidthMm = mother.product.widthMm
  checks.require(
    child.widthMm < motherWidthMm - SAME_MM,
    'not-narrower',
    `${coil} is ${child.widthMm} mm wide, its mother ${mother.coil} was ${motherWidthMm} mm: trimming makes it narrower`,
    { coil, widthMm: child.widthMm, mother: mother.coil, motherWidthMm },
    `${field}/widthMm`,
  )
}

function notWider({ checks, coil, child, mother, field }: Descent, spread: number): void {
  const motherWidthMm = mother.product.widthMm
  checks.require(
    child.widthMm <= motherWidthMm * (1 + spread) + SAME_MM,
    'wider-than-mother',
    `${coil} is ${child.widthMm} mm wide, its mother ${mother.coil} was ${motherWidthMm} mm`,
    { coil, widthMm: child.widthMm, mother: mother.coil, motherWidthMm },
    `${field}/widthMm`,
  )
}

function sameTemper({ checks, coil, child, mother, field }: Descent): void {
  const motherTemper = mother.product.temper
  checks.require(
    child.temper === motherTemper,
    'temper-changed',
    `${coil} is what is left of ${mother.coil}, which has temper ${motherTemper}`,
    { coil, temper: child.temper, motherTempers: [motherTemper] },
    `${field}/temper`,
  )
}
