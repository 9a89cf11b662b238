import type { PlantFact } from '../../events.js'
import type { PlantSettings } from '../events.js'
import { firstAlloys } from '../first/alloys.js'
import { firstLines } from '../first/lines.js'
import { firstLocations, firstMandate, firstPartners, firstSettings } from '../first/places-and-partners.js'
import { firstTempers } from '../first/tempers.js'
import { configurePlant } from './configure-plant.js'
import { defineLine } from './define-line.js'
import { defineLocation } from './define-location.js'
import { defineAlloy, defineTemper } from './define-metal.js'
import { definePartner } from './define-partner.js'

/**
 * What a plant begins with, so that it can log from the first minute; commands change it from there.
 * Nothing, once there is a plant: a later release adds nothing to a plant that is at work.
 */
export function foundPlant(before: PlantSettings | undefined): PlantFact[] {
  if (before) return []
  return [
    ...configurePlant(firstSettings, undefined),
    ...firstPartners.flatMap((partner) => definePartner(partner, undefined)),
    { type: 'SalesMandateGranted', data: firstMandate },
    ...firstLocations.flatMap((location) => defineLocation(location, undefined)),
    ...firstLines.flatMap((line) => defineLine(line, undefined)),
    ...firstAlloys.flatMap((alloy) => defineAlloy(alloy, undefined)),
    ...firstTempers.flatMap((temper) => defineTemper(temper, undefined)),
  ]
}
