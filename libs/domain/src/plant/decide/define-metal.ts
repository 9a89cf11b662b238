import type { PlantFact } from '../../events.js'
import { Checks } from '../../refusal.js'
import { isSame, saysAlready } from '../../same.js'
import type { Alloy } from '../events.js'

export interface Temper {
  readonly temper: string
  readonly description: string
}

/** Makes an alloy known to the plant, or changes its limits in mass-%. Melts accepted before stay accepted. */
export function defineAlloy(alloy: Alloy, before: Alloy | undefined): PlantFact[] {
  const checks = new Checks()
  for (const [element, { min, max }] of Object.entries(alloy.limits)) {
    checks.require(
      min !== undefined || max !== undefined,
      'limit-says-nothing',
      `${element} needs a least or a highest mass-%, or both`,
      { element },
      `/limits/${element}`,
    )
    checks.require(
      min === undefined || max === undefined || min <= max,
      'limits-crossed',
      `${element} would have to be at least ${min} % and at most ${max} %`,
      { element, min, max },
      `/limits/${element}`,
    )
  }
  checks.done()
  if (!before) return [{ type: 'AlloyDefined', data: alloy }]
  return isSame(before.limits, alloy.limits) ? [] : [{ type: 'AlloyChanged', data: alloy }]
}

/** Makes a temper known to the plant, or says what it means in better words. */
export function defineTemper(temper: Temper, before: Temper | undefined): PlantFact[] {
  return before && saysAlready(before, temper) ? [] : [{ type: 'TemperDefined', data: temper }]
}
