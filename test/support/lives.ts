/** Plausible lives of coils, at random but the same for the same seed: every next fact is one that may follow. */

import type { CoilRow } from '#apps/inventory/src/coils/coil-row'
import { coilAfter } from '#apps/inventory/src/coils/coils-part'
import type { CoilEvent } from '#domain/coil/events'
import type { Product } from '#domain/words'
import { example } from './every-fact.js'

/** Between 0 and 1; mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export interface Life {
  readonly facts: readonly CoilEvent[]
  /** What the pure projection makes of them. */
  readonly row: CoilRow
}

const RECORDED = new Date('2026-11-01T00:00:00Z')

export function life(coil: string, random: () => number, steps: number, occurredAt: string): Life {
  const any = <T>(...items: readonly T[]): T => items[Math.floor(random() * items.length)]!
  const facts: CoilEvent[] = []
  let row: CoilRow | undefined
  const happen = (fact: CoilEvent) => {
    facts.push(fact)
    row = coilAfter(row, fact, {
      revision: facts.length - 1,
      metadata: { occurredAt, actor: 'Ana Popescu' },
      recordedAt: RECORDED,
    })
  }
  for (const fact of births(coil, any, random)) happen(fact)
  for (let n = 0; n < steps; n++) {
    const next = any(...nextFacts(row!, any, random))
    if (!next) break
    happen(next)
  }
  return { facts, row: row! }
}

type Any = <T>(...items: readonly T[]) => T

function births(coil: string, any: Any, random: () => number): CoilEvent[] {
  const product: Product = {
    form: any('coil' as const, 'coil' as const, 'pack' as const),
    alloy: any('EN AW-8011A', 'EN AW-3003', 'EN AW-1050A'),
    temper: any('F', 'O', 'H14'),
    gaugeMm: any(0.35, 3, 6.5, 7),
    widthMm: any(620, 1000, 1250, 1600),
    ...any({}, { innerDiameterMm: 508, outerDiameterMm: any(1500, 1695) }),
  }
  const born = {
    coil,
    product,
    netWeightKg: 900 + Math.floor(random() * 8000),
    owner: any('AZAL', 'ALRO', 'VIMETCO'),
    location: any('B1', 'B2', 'YARD'),
  }
  const castNumber = any('G26-3107', 'G26-3108', 'M-77')
  const { location: _, ...announced } = born
  const agreement = any(undefined, 'TOLL-2026-01')
  switch (any('announced', 'came', 'received', 'cast', 'produced')) {
    case 'announced':
      return [example('CoilAnnounced', { ...announced, castNumber, agreement })]
    case 'came':
      return [
        example('CoilAnnounced', { ...announced, castNumber, agreement }),
        example('CoilReceived', { ...born, castNumber, agreement, announced: true }),
      ]
    case 'received':
      return [example('CoilReceived', { ...born, castNumber, agreement, difference: undefined, announced: false })]
    case 'cast':
      return [example('CoilCast', { ...born, melts: [{ castNumber, kg: born.netWeightKg }] })]
    default:
      return [
        example('CoilProduced', { ...born, from: [{ coil: `${coil}-M`, kg: born.netWeightKg }], melts: [castNumber] }),
      ]
  }
}

/** Facts of which any may come next, or nothing any more. */
function nextFacts(row: CoilRow, any: Any, random: () => number): (CoilEvent | undefined)[] {
  const { coil, netWeightKg, owner } = row
  const gain = Math.floor(random() * 41) - 20
  const weights = { previousNetWeightKg: netWeightKg, netWeightKg: netWeightKg + gain, adjustmentKg: gain }
  const place = any('B1', 'B2', 'YARD')
  const next: (CoilEvent | undefined)[] = [undefined]
  if (row.physical === 'expected') return next
  next.push(example('CoilWeightCorrected', { coil, ...weights }))
  if (row.physical === 'dispatched') next.push(example('CoilDelivered', { coil }))
  if (row.physical === 'dispatched' || row.physical === 'delivered') {
    next.push(example('CoilReturned', { coil, netWeightKg, location: place }))
  }
  if (row.physical === 'in-process') next.push(...endsOfProcess(row, place, random))
  if (!row.onHand || row.physical === 'in-process') return next
  next.push(
    example('CoilMoved', { coil, from: row.location, to: place }),
    example('CoilWeighed', { coil, ...weights }),
    example('CoilInspected', { coil, result: any('conforming', 'nonconforming') }),
    example('CoilHeld', { coil, hold: `hold-${Math.floor(random() * 1e6)}` }),
    example('CoilDowngraded', { coil }),
    example('CoilRejected', { coil }),
    example('TitleTransferred', { coil, from: owner, to: any('AZAL', 'ALRO') }),
    ...row.holds.map(({ hold }) => example('CoilReleased', { coil, hold })),
  )
  if (row.physical === 'packed') next.push(example('CoilUnpacked', { coil, pack: row.pack! }))
  next.push(...trades(row))
  if (row.physical !== 'in-stock') return next
  next.push(
    example('CoilPacked', { coil }),
    example('CoilScrapped', { coil, netWeightKg, kind: any('process-scrap', 'melt-loss') }),
  )
  if (row.commercial === 'free') next.push(example('CoilProcessingStarted', { coil, from: row.location }))
  return next
}

function endsOfProcess({ coil, netWeightKg, temper }: CoilRow, location: string, random: () => number): CoilEvent[] {
  const scrapKg = Math.floor(random() * 100)
  const differenceKg = Math.floor(random() * 9) - 4
  const kg = netWeightKg - scrapKg - differenceKg
  const used = { coil, netWeightKg, scrapKg, lossKg: 0, differenceKg }
  return [
    example('CoilProcessingAborted', { coil, location }),
    example('CoilTreated', {
      ...{ coil, location, previousTemper: temper, previousNetWeightKg: netWeightKg },
      netWeightKg: netWeightKg - 3,
      lossKg: 2,
      differenceKg: 1,
    }),
    example('CoilConsumed', { ...used, into: [{ coil: `${coil}-A`, kg }] }),
    example('CoilConsumed', { ...used, into: [], intoMelt: { castNumber: 'M-1', kg } }),
  ]
}

function trades(row: CoilRow): CoilEvent[] {
  const { coil, netWeightKg, owner } = row
  if (row.commercial === 'sold') {
    return [
      example('CoilSaleCancelled', { coil }),
      example('CoilDispatched', { coil, netWeightKg, from: row.location }),
      example('CoilDispatched', { coil, netWeightKg, from: row.location }),
    ]
  }
  const sold = example('CoilSold', { coil, netWeightKg, owner })
  if (row.commercial === 'free') return row.available ? [example('CoilReserved', { coil }), sold] : []
  return [
    sold,
    example('CoilReservationExtended', { coil }),
    example('CoilReservationReleased', { coil }),
    example('CoilReservationExpired', { coil }),
  ]
}
