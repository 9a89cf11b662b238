import type { Product } from '../words.js'
import type { Specification } from './events.js'

/** In what a product differs from what is asked for, in words; nothing if it is what is asked for. */
export function mismatches(asked: Specification, product: Product): string[] {
  const { alloy, temper, gaugeMm, widthMm, form } = product
  return [
    form !== asked.form && `it is a ${form}, not a ${asked.form}`,
    alloy !== asked.alloy && `its alloy is ${alloy}, not ${asked.alloy}`,
    temper !== asked.temper && `its temper is ${temper}, not ${asked.temper}`,
    !within(asked.gaugeMm, gaugeMm) && `its gauge is ${gaugeMm} mm, not ${inWords(asked.gaugeMm)}`,
    !within(asked.widthMm, widthMm) && `its width is ${widthMm} mm, not ${inWords(asked.widthMm)}`,
  ].filter((mismatch) => mismatch !== false)
}

/** Both ends of a range are good. */
export const matches = (asked: Specification, product: Product): boolean => mismatches(asked, product).length === 0

type Range = Specification['gaugeMm']

const within = ({ min, max }: Range, value: number): boolean => min <= value && value <= max

const inWords = ({ min, max }: Range): string => (min === max ? `${min} mm` : `${min} to ${max} mm`)
