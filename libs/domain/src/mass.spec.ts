import { Checks, Refused } from '#domain/refusal'
import { castStrip } from '#test/support/facts'
import { requirePlausibleWeight } from './mass.js'
import type { Product } from './words.js'

const faultOf = (product: Product, netWeightKg: number, confirmed = false) => {
  const checks = new Checks()
  requirePlausibleWeight(checks, product, netWeightKg, confirmed)
  try {
    checks.done()
  } catch (error) {
    return (error as Refused).faults[0]
  }
}

describe('rule 10: a weight that fits the dimensions', () => {
  const wound: Product = { ...castStrip, widthMm: 1000, innerDiameterMm: 500, outerDiameterMm: 1500 }
  // 2.71 g/cm3 * pi / 4 * (150 cm squared - 50 cm squared) * 100 cm = 4,257 kg of solid metal.

  it.each([3405, 4257, 4385])('is %i kg', (kg) => {
    expect(faultOf(wound, kg)).toBeUndefined()
  })

  it.each([3404, 4386])('is not %i kg, unless somebody confirms it', (kg) => {
    expect(faultOf(wound, kg)).toMatchObject({ rule: 'weight-implausible', values: { leastKg: 3405, mostKg: 4385 } })
    expect(faultOf(wound, kg, true)).toBeUndefined()
  })

  it('is no more than the largest coil weighs, where nobody measured how large it is', () => {
    const narrow: Product = { ...wound, widthMm: 5, outerDiameterMm: undefined }
    expect(faultOf(narrow, 95)).toBeUndefined()
    expect(faultOf(narrow, 50_000)).toMatchObject({ rule: 'weight-implausible', values: { mostKg: 96 } })
    expect(faultOf({ ...narrow, innerDiameterMm: undefined }, 50_000)).toMatchObject({ values: { mostKg: 99 } })
  })
})
