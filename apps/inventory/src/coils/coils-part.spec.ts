import fc from 'fast-check'
import { requireFree } from '#domain/coil/rules'
import { type Coil, coils, isOnHand, qualityOf } from '#domain/coil/state'
import { Checks } from '#domain/refusal'
import { requirePromisable } from '#domain/sales/rules'
import { example } from '#test/support/every-fact'
import { coilReceived, coilWeighed } from '#test/support/facts'
import { life, seeded } from '#test/support/lives'
import type { CoilRow } from './coil-row.js'
import { coilAfter } from './coils-part.js'

const AT = '2026-11-07T08:00:00.000Z'
const refuses = (checks: Checks): boolean => {
  try {
    checks.done()
    return false
  } catch {
    return true
  }
}

const lives = fc
  .record({ seed: fc.integer(), steps: fc.nat(40) })
  .map(({ seed, steps }) => life('AZ-1', seeded(seed), steps, AT))

describe('A coil’s row', () => {
  it('says of the four facets what the write side decides by, after every fact', () => {
    fc.assert(
      fc.property(lives, ({ facts }) => {
        let decided: Coil | undefined
        let row: CoilRow | undefined
        facts.forEach((fact, revision) => {
          decided = coils.evolve(decided, fact)
          row = coilAfter(row, fact, { revision, metadata: { occurredAt: AT }, recordedAt: new Date(AT) })
          expect({
            physical: row.physical,
            quality: row.quality,
            commercial: row.commercial,
            owner: row.owner,
            holder: row.holder,
            location: row.location || undefined,
            onHand: row.onHand,
            netWeightKg: row.netWeightKg,
            grossWeightKg: row.grossWeightKg ?? undefined,
            alloy: row.alloy,
            temper: row.temper,
            gaugeMm: row.gaugeMm,
            holds: row.holds.map(({ hold }) => hold),
            salesOrder: row.salesOrder ?? undefined,
            pack: row.pack ?? undefined,
          }).toEqual({
            physical: decided!.physical,
            quality: qualityOf(decided!),
            commercial: decided!.commercial,
            owner: decided!.owner,
            holder: decided!.holder,
            location: decided!.location,
            onHand: isOnHand(decided!),
            netWeightKg: decided!.netWeightKg,
            grossWeightKg: decided!.grossWeightKg,
            alloy: decided!.product.alloy,
            temper: decided!.product.temper,
            gaugeMm: decided!.product.gaugeMm,
            holds: decided!.holds.map(({ hold }) => hold),
            salesOrder: decided!.sale?.salesOrder ?? decided!.reservation?.salesOrder,
            pack: decided!.pack,
          })
        })
      }),
      { numRuns: 500 },
    )
  })

  it('has no gross weight after its net weight changed without one', () => {
    const received = coilReceived({ netWeightKg: 5000, grossWeightKg: 5030 })
    const coil = received.data.coil
    const later = [
      coilWeighed({ coil, netWeightKg: 5100, grossWeightKg: undefined }),
      example('CoilWeightCorrected', { coil, netWeightKg: 5100 }),
    ]
    for (const fact of later) {
      const facts = [received, fact]
      const recorded = { metadata: { occurredAt: AT }, recordedAt: new Date(AT) }
      const row = facts.reduce<CoilRow | undefined>(
        (before, one, revision) => coilAfter(before, one, { revision, ...recorded }),
        undefined,
      )
      expect(row!.grossWeightKg).toBeNull()
      expect(facts.reduce<Coil | undefined>(coils.evolve, undefined)!.grossWeightKg).toBeUndefined()
    }
  })

  it('loses no gram: what came is what went and what is here', () => {
    fc.assert(
      fc.property(lives, ({ row }) => {
        const came = row.initialWeightKg + row.adjustmentKg + row.returnedKg
        const went = row.processedKg + row.remeltedKg + row.scrapKg + row.lossKg + row.differenceKg + row.dispatchedKg
        expect(came - went).toBe(row.onHand ? row.netWeightKg : 0)
      }),
      { numRuns: 500 },
    )
  })

  it('is available exactly when the write side would let it be promised', () => {
    fc.assert(
      fc.property(lives, ({ facts, row }) => {
        const coil = facts.reduce<Coil | undefined>(coils.evolve, undefined)!
        const checks = new Checks()
        requirePromisable(checks, coil, '/coil')
        requireFree(checks, coil, new Date(AT), '/coil')
        expect(row.available).toBe(!refuses(checks))
      }),
      { numRuns: 500 },
    )
  })
})
