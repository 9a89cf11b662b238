import type { Limits } from '../plant/events.js'

/** Mass-% by element. `OthersEach` and `OthersTotal` are what analyses and alloys say of all that is not named. */
export type Composition = Readonly<Record<string, number>>

export interface Outside {
  readonly element: string
  readonly value: number
  readonly min?: number
  readonly max?: number
}

const isNamed = (element: string): boolean => element !== 'OthersEach' && element !== 'OthersTotal'

/**
 * Elements outside an alloy's limits, as EN 573-3 reads them: an element that the alloy does not name is one of the
 * others, each of which has a limit, as has their sum. Aluminium is what remains.
 */
export function outsideLimits(elements: Composition, limits: Limits): Outside[] {
  const others = Object.entries(elements).filter(
    ([element]) => isNamed(element) && element !== 'Al' && !Object.hasOwn(limits, element),
  )
  const judged = Object.entries(elements).map(([element, value]) => ({
    element,
    value,
    limit: limits[element] ?? (others.some(([other]) => other === element) ? limits.OthersEach : undefined),
  }))
  if (!Object.hasOwn(elements, 'OthersTotal')) {
    const value = Number(others.reduce((sum, [, share]) => sum + share, 0).toFixed(6))
    judged.push({ element: 'OthersTotal', value, limit: limits.OthersTotal })
  }
  return judged
    .filter(({ value, limit }) => value < (limit?.min ?? 0) || value > (limit?.max ?? 100))
    .map(({ element, value, limit }) => ({ element, value, ...limit }))
}

/** Elements that the alloy limits and the analysis does not tell: nobody can say that they are within. */
export const missingElements = (elements: Composition, limits: Limits): string[] =>
  Object.keys(limits).filter((element) => isNamed(element) && element !== 'Al' && !Object.hasOwn(elements, element))
