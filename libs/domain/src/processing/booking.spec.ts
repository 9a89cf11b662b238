import fc from 'fast-check'
import { sumKg } from '../mass.js'
import { bookMissing, shareMothers } from './booking.js'

const kg = fc.integer({ min: 1, max: 50_000 })
const mothersOf = (kgs: readonly number[]) => new Map(kgs.map((weight, i) => [`M-${i}`, weight]))

describe('booking kilograms', () => {
  it('shares an output among its mothers to the kilogram, whatever they weigh and whatever was told', () => {
    const order = fc.array(kg, { minLength: 1, maxLength: 20 }).chain((kgs) => {
      const mother = fc.integer({ min: 0, max: kgs.length - 1 })
      const drawing = fc.record({ kg, from: fc.uniqueArray(mother, { minLength: 1 }), told: fc.boolean() })
      return fc.record({ kgs: fc.constant(kgs), drawings: fc.array(drawing, { maxLength: 30 }) })
    })
    fc.assert(
      fc.property(order, ({ kgs, drawings }) => {
        const shares = shareMothers(
          drawings.map(({ kg, from, told }) => ({
            kg,
            from: from.map((i, at) => ({
              coil: `M-${i}`,
              ...(told && { kg: at === 0 ? kg - (from.length - 1) : 1 }),
            })),
          })),
          mothersOf(kgs),
        )
        drawings.forEach((drawing, i) => {
          expect(sumKg(shares[i]!.map((share) => share.kg))).toBe(drawing.kg)
        })
      }),
    )
  })

  it('books scrap and loss so that each mother balances, and the sums are the order’s, to the kilogram', () => {
    const mother = fc.record({ kg, gaveKg: fc.integer({ min: 0, max: 60_000 }) })
    const some = fc.integer({ min: 0, max: 100_000 })
    fc.assert(
      fc.property(fc.array(mother, { minLength: 1, maxLength: 50 }), some, some, (mothers, scrapKg, lossKg) => {
        const missing = bookMissing(mothers, scrapKg, lossKg)
        mothers.forEach(({ kg, gaveKg }, i) => {
          const booked = missing[i]!
          expect(gaveKg + booked.scrapKg + booked.lossKg + booked.differenceKg).toBe(kg)
          expect(Math.min(booked.scrapKg, booked.lossKg)).toBeGreaterThanOrEqual(0)
        })
        expect(sumKg(missing.map((one) => one.scrapKg))).toBe(scrapKg)
        expect(sumKg(missing.map((one) => one.lossKg))).toBe(lossKg)
      }),
    )
  })

  it('books no difference on any mother of an order that balances', () => {
    const mother = fc.record({ kg, part: fc.double({ min: 0, max: 1, noNaN: true }) })
    const part = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(fc.array(mother, { minLength: 1, maxLength: 50 }), part, (told, scrapPart) => {
        const mothers = told.map(({ kg, part }) => ({ kg, gaveKg: Math.floor(kg * part) }))
        const missingKg = sumKg(mothers.map(({ kg, gaveKg }) => kg - gaveKg))
        const scrapKg = Math.floor(missingKg * scrapPart)
        for (const booked of bookMissing(mothers, scrapKg, missingKg - scrapKg)) {
          expect(booked.differenceKg).toBe(0)
        }
      }),
    )
  })
})
