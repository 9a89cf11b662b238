import { outerDiameterMm, solidWeightKg } from '#domain/mass'
import type { Chance } from './chance.js'
import type { Strip } from './crew.js'

/** Of the ring that tape measures, so much is metal. */
const FILL = 0.97

const ALLOYS = ['EN AW-8011A', 'EN AW-8011A', 'EN AW-1050A', 'EN AW-3003', 'EN AW-5754'] as const

export const anAlloy = (chance: Chance) => chance.pick(ALLOYS)

/** A coil as it comes from a continuous caster: 6 to 8 mm thick, 1000 to 1700 mm wide, 4 to 10 t. */
export function aCastStrip(chance: Chance, coil: string, alloy: string): Strip {
  const product = {
    form: 'coil' as const,
    alloy,
    temper: 'F',
    gaugeMm: chance.pick([6, 6.5, 7, 8]),
    widthMm: chance.pick([1000, 1150, 1250, 1310, 1430, 1500, 1600, 1700]),
    innerDiameterMm: chance.pick([508, 610]),
    outerDiameterMm: chance.int(1500, 1790),
  }
  return { coil, product, netWeightKg: Math.round(solidWeightKg(product)! * FILL) }
}

/** OD that a coil of this weight has, wound as tight as usual. */
export const woundTo = (netWeightKg: number, widthMm: number, innerDiameterMm: number) =>
  Math.round(outerDiameterMm(netWeightKg / FILL, widthMm, innerDiameterMm))

/** A supplier's packing list, in the dialect of one spreadsheet or the other. */
export function packingList(chance: Chance, strips: readonly Strip[], castNumber: string, producedOn: string): string {
  const [separator, decimal, newline] = chance.percent(50) ? [',', '.', '\n'] : [';', ',', '\r\n']
  const header =
    'coil_number cast_number alloy temper gauge_mm width_mm inner_diameter_mm outer_diameter_mm net_weight_kg gross_weight_kg produced_on remarks'
  const rows = strips.map(({ coil, netWeightKg, product }) => [
    ...[coil, castNumber, product.alloy, product.temper, String(product.gaugeMm).replace('.', decimal)],
    ...[product.widthMm, product.innerDiameterMm, product.outerDiameterMm],
    ...[netWeightKg, netWeightKg + chance.int(38, 70), producedOn],
    chance.percent(8) ? `"edge crack ${chance.int(10, 60)} mm${separator} head end"` : '',
  ])
  return [header.split(' '), ...rows].map((row) => row.join(separator)).join(newline) + newline
}
