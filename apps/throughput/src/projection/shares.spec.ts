import fc from 'fast-check'
import { sumKg } from '#domain/mass'
import { castStrip } from '#test/support/facts'
import { sharesOf } from './shares.js'

const kg = fc.integer({ min: 1, max: 20_000 })
const owner = fc.constantFrom('AZAL', 'ALRO')
const product = fc.constantFrom('F', 'H14', 'O').map((temper) => ({ ...castStrip, temper }))
const coil = { coil: 'AZ-1', owner, product, kg }

describe('the shares of owners and products in an order', () => {
  it('sum to the order to the kilogram, and each balances', () => {
    const order = fc.record({
      inputs: fc.array(fc.record({ ...coil, coil: fc.constant('AZ-1') }), { minLength: 1, maxLength: 6 }),
      outputs: fc.array(fc.record({ ...coil, coil: fc.constant('AZ-2'), remnant: fc.boolean() }), { maxLength: 8 }),
      scrapKg: fc.nat(3000),
      lossKg: fc.nat(300),
    })
    fc.assert(
      fc.property(order, ({ inputs, outputs, scrapKg, lossKg }) => {
        const [inKg, outKg] = [sumKg(inputs.map((i) => i.kg)), sumKg(outputs.map((o) => o.kg))]
        const balance = { inKg, outKg, scrapKg, lossKg, differenceKg: inKg - outKg - scrapKg - lossKg }
        const at = '2026-11-10T12:00:00Z'
        const work = { processOrder: 'PO-1', line: 'MILL-1', step: 'roll' as const, startedAt: at, completedAt: at }
        const shares = sharesOf({ ...work, inputs, outputs, balance, toleranceKg: 20 })
        const sum = (of: keyof (typeof shares)[number]) => sumKg(shares.map((share) => share[of] as number))
        const remnantKg = sumKg(outputs.filter((o) => o.remnant).map((o) => o.kg))
        expect([sum('scrapKg'), sum('lossKg'), sum('differenceKg')]).toEqual([scrapKg, lossKg, balance.differenceKg])
        expect(sum('kgOut')).toBe(outKg - remnantKg)
        expect(sum('kgIn')).toBe(inKg - remnantKg)
        expect(sum('coilsIn')).toBe(inputs.length)
        expect(sum('coilsOut')).toBe(outputs.filter((o) => !o.remnant).length)
      }),
    )
  })
})
