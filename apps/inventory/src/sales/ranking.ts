/** How well a coil suits an order line, in points of 100 and in words. */
import type { Specification } from '#domain/sales/events'
import type { StockCoilRow } from '../stock/stock-coil.js'
import { kg } from '../timeline/phrases.js'

export interface Wanted {
  readonly specification: Specification
  /** What the line still needs. */
  readonly openKg: number
  /** The most that it takes, by its tolerance. */
  readonly mostKg: number
}

export interface Points {
  readonly points: number
  readonly why: string[]
  /** The line would get more than its tolerance allows. */
  readonly overfills: boolean
}

const QUALITY = { conforming: 40, released: 40, uninspected: 20, downgraded: 0, held: 0, rejected: 0 } as const
/** Points for the middle of the gauge and of the width; none at the edges of what was ordered. */
const MIDDLE = 15
/** Points for a coil that fills all that is open. */
const FILLING = 15
/** Points for a coil that has lain a year or longer: metal corrodes, and capital is bound. */
const AGE = 15
const YEAR_DAYS = 365

type Candidate = Pick<StockCoilRow, 'quality' | 'gaugeMm' | 'widthMm' | 'netWeightKg' | 'enteredAt'>

export function pointsOf(coil: Candidate, { specification, openKg, mostKg }: Wanted, now: Date): Points {
  const days = Math.max(0, Math.floor((now.getTime() - coil.enteredAt.getTime()) / 86_400_000))
  const overfills = coil.netWeightKg > mostKg
  const gauge = middle(coil.gaugeMm, specification.gaugeMm)
  const width = middle(coil.widthMm, specification.widthMm)
  const filling = overfills || openKg === 0 ? 0 : Math.min(1, coil.netWeightKg / openKg)
  const points =
    QUALITY[coil.quality] + MIDDLE * gauge + MIDDLE * width + FILLING * filling + AGE * Math.min(1, days / YEAR_DAYS)
  return {
    points: Math.round(points * 10) / 10,
    overfills,
    why: [
      coil.quality,
      `gauge ${coil.gaugeMm} mm ${nearness(gauge)}`,
      `width ${coil.widthMm} mm ${nearness(width)}`,
      overfills
        ? `${kg(coil.netWeightKg)} is more than the ${kg(mostKg)} that the line still takes`
        : `${kg(coil.netWeightKg)} of the ${kg(openKg)} that are open`,
      `${days} days old`,
    ],
  }
}

/** 1 in the middle of a range, 0 at its ends. */
function middle(value: number, { min, max }: { min: number; max: number }): number {
  if (max === min) return 1
  return 1 - Math.abs(value - (min + max) / 2) / ((max - min) / 2)
}

const nearness = (share: number) =>
  share > 0.8 ? 'in the middle of the range' : share > 0.2 ? 'within the range' : 'at the edge of the range'
