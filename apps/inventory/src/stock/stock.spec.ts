import fc from 'fast-check'
import { FixedClock } from '#platform/clock'
import { coilReceived } from '#test/support/facts'
import { life, seeded } from '#test/support/lives'
import { type ReadSide, readSide } from '#test/support/read-side'
import type { CoilRow } from '../coils/coil-row.js'
import { numbersOf } from '../coils/coils-part.js'
import { InventoryModule } from '../inventory.module.js'
import { FACETS, type Facet } from './conditions.js'
import { SORTS } from './sorts.js'
import { stockPage } from './stock.schema.js'
import { stockSummary } from './stock-summary.js'

const NOW = new Date('2026-11-20T12:00:00Z')
const DAY_MS = 86_400_000

let plant: ReadSide
const rows: CoilRow[] = []

beforeAll(async () => {
  plant = await readSide(InventoryModule, { clock: new FixedClock(NOW) })
  const random = seeded(7)
  for (let n = 0; n < 400; n++) {
    const at = new Date(NOW.getTime() - Math.floor(random() * 30 * 24) * (DAY_MS / 24)).toISOString()
    const { facts, row } = life(`AZ-2611${String(n).padStart(3, '0')}`, random, Math.floor(random() * 6), at)
    await plant.happened(at, ...facts)
    rows.push(row)
  }
})
afterAll(() => plant.close())

type Query = Record<string, string[] | string | undefined>

const some = <T extends string>(...values: T[]) => fc.option(fc.subarray(values, { minLength: 1 }), { nil: undefined })
const perhaps = (...values: string[]) => fc.option(fc.constantFrom(...values), { nil: undefined })
const queries: fc.Arbitrary<Query> = fc.record({
  alloy: some('EN AW-8011A', 'EN AW-3003', 'EN AW-1050A'),
  temper: some('F', 'O', 'H14'),
  form: some('coil', 'pack'),
  owner: some('AZAL', 'ALRO', 'VIMETCO'),
  location: some('B1', 'B2', 'YARD'),
  physical: fc.option(fc.subarray(['expected', 'in-stock', 'packed', 'consumed', 'delivered'], { minLength: 1 }), {
    nil: undefined,
    freq: 3,
  }),
  quality: some('uninspected', 'conforming', 'held', 'released', 'downgraded', 'rejected'),
  commercial: some('free', 'reserved', 'sold'),
  available: perhaps('true', 'false'),
  minGaugeMm: perhaps('0.35', '3', '5'),
  maxGaugeMm: perhaps('6.5', '7'),
  minWidthMm: perhaps('1000'),
  maxOuterDiameterMm: perhaps('1600'),
  minWeightKg: perhaps('3000'),
  maxWeightKg: perhaps('7000'),
  minAgeDays: perhaps('3', '10.5'),
  maxAgeDays: perhaps('20'),
  castNumber: some('G26-3107', 'M-77'),
  customer: some('METALCO', 'NOBODY'),
  agreement: some('TOLL-2026-01'),
  q: perhaps('az-26110', '1', 'g26', 'SO-1', 'M-77 26112', '100%', 'a_b'),
})

describe('A search of stock', () => {
  it('finds, counts and sums what going through all coils would', async () => {
    await fc.assert(
      fc.asyncProperty(
        fewOf(queries),
        fc.constantFrom(...Object.keys(SORTS)),
        fc.boolean(),
        async (query, sort, down) => {
          const order = `${down ? '-' : ''}${sort}`
          const answer = stockPage.parse(
            await plant.ask(`/api/stock?${params({ ...query, sort: order, facets: 'true', limit: '500' })}`),
          )
          const expected = rows.filter((row) => fits(row, query)).sort(by(sort as keyof typeof SORTS, down))
          expect(answer.items.map(({ coil }) => coil)).toEqual(expected.map(({ coil }) => coil))
          expect(answer.totals).toEqual(sums(expected))
          for (const facet of FACETS) {
            const others = rows.filter((row) =>
              fits(row, { ...query, [facet]: undefined }, query.physical === undefined),
            )
            expect(new Map(answer.facets![facet].map(({ value, ...count }) => [value ?? '', count]))).toEqual(
              new Map([...Map.groupBy(others, (row) => row[facet])].map(([value, group]) => [value, sums(group)])),
            )
          }
        },
      ),
      { numRuns: 150 },
    )
  })

  it('answers a coil as it is, whole', async () => {
    const answer = await plant.ask(
      '/api/stock?limit=500&physical=in-stock,packed,in-process,expected,consumed,scrapped,dispatched,delivered',
    )
    for (const item of stockPage.parse(answer).items) {
      const row = rows.find(({ coil }) => coil === item.coil)!
      const { changedAt: _, ...fields } = item
      expect(fields).toEqual(
        JSON.parse(
          JSON.stringify({
            ...Object.fromEntries(Object.keys(fields).map((key) => [key, row[key as keyof CoilRow]])),
            location: row.location || null,
          }),
        ),
      )
    }
    expect(answer.items).toHaveLength(400)
  })

  it('shows each coil once on its way through the pages, whatever comes in meanwhile', async () => {
    const before = rows.filter(({ onHand }) => onHand).map(({ coil }) => coil)
    for (const sort of Object.keys(SORTS).flatMap((name) => [name, `-${name}`])) {
      const seen: string[] = []
      let cursor: string | null = ''
      for (let n = 0; cursor !== null; n++) {
        // In front of where we are, and behind.
        const [near, far] = [`AA-${sort}-${n}`, `ZZ-${sort}-${n}`].map((coil) => coil.toUpperCase())
        await plant.happened('2026-11-01T00:00:00Z', coilReceived({ coil: near }), coilReceived({ coil: far }))
        const query = params({
          sort,
          limit: '37',
          castNumber: ['G26-3107', 'G26-3108', 'M-77'],
          cursor: cursor || undefined,
        })
        const page = await plant.ask(`/api/stock?${query}`)
        seen.push(...page.items.map(({ coil }: { coil: string }) => coil))
        cursor = page.next
      }
      expect(new Set(seen).size).toBe(seen.length)
      expect(before.filter((coil) => !seen.includes(coil))).toEqual([])
    }
  })

  it.each([
    ['limit=0', '/limit'],
    ['limit=501', '/limit'],
    ['alloy=8011', '/alloy/0'],
    ['minGaugeMm=thick', '/minGaugeMm'],
    ['physical=lost', '/physical/0'],
    ['sort=colour', '/sort'],
    ['colour=red', '/colour'],
    ['cursor=garbled', '/cursor'],
    ['q=a b c d e f', '/q'],
    ['q=%00', '/q'],
    ['available=perhaps', '/available'],
  ])('that makes no sense (%s) is refused with the field', async (query, pointer) => {
    const { status, body } = await plant.http.get(`/api/stock?${query}`)
    expect(status).toBe(400)
    expect(body.errors[0]).toMatchObject({ in: 'query', pointer })
  })

  it('refuses a cursor that was changed, or is of another order', async () => {
    const { next } = await plant.ask('/api/stock?sort=widthMm&limit=1')
    expect((await plant.http.get(`/api/stock?sort=gaugeMm&limit=1&cursor=${next}`)).body.rule).toBe('invalid-cursor')
    for (const wrong of [`A${next}`, `${next}A`, next.slice(1), next.split('.')[0], `${next.split('.')[0]}.xxxxxxxx`]) {
      const { status, body } = await plant.http.get(`/api/stock?sort=widthMm&limit=1&cursor=${wrong}`)
      expect([status, body.rule]).toEqual([400, 'invalid-cursor'])
    }
  })
})

describe('A summary of stock', () => {
  it('adds up what is on hand, available, reserved, held, in process, expected and sold', async () => {
    const answer = stockSummary.parse(await plant.ask('/api/stock/summary?by=owner,alloy&owner=ALRO,VIMETCO'))
    const mine = rows.filter(({ owner }) => owner !== 'AZAL')
    expect(answer.totals).toMatchObject({
      onHand: sums(mine.filter(({ onHand }) => onHand)),
      available: sums(mine.filter(({ available }) => available)),
      reserved: sums(mine.filter(({ onHand, commercial }) => onHand && commercial === 'reserved')),
      held: sums(mine.filter(({ onHand, quality }) => onHand && quality === 'held')),
      inProcess: sums(mine.filter(({ physical }) => physical === 'in-process')),
      expected: sums(mine.filter(({ physical }) => physical === 'expected')),
      soldNotDispatched: sums(mine.filter(({ onHand, commercial }) => onHand && commercial === 'sold')),
    })
    const alro = answer.rows.filter(({ of }) => of.owner === 'ALRO')
    expect(alro.map(({ of }) => of.alloy)).toEqual(['EN AW-1050A', 'EN AW-3003', 'EN AW-8011A'])
    expect(answer.rows.reduce((kg, row) => kg + row.onHand.kg, 0)).toBe(answer.totals.onHand.kg)
  })

  it.each([
    ['expected', (row: CoilRow) => row.physical === 'expected'],
    ['in-process', (row: CoilRow) => row.physical === 'in-process'],
    ['reserved', (row: CoilRow) => row.onHand && row.commercial === 'reserved'],
  ])('has what is %s at an address of its own', async (view, is) => {
    const { items } = stockPage.parse(await plant.ask(`/api/stock/${view}?limit=500`))
    expect(items.map(({ coil }) => coil)).toEqual(rows.filter(is).map(({ coil }) => coil))
  })
})

/** Most searches say little: all fields at once would find nothing. */
function fewOf(all: fc.Arbitrary<Query>): fc.Arbitrary<Query> {
  return fc.tuple(all, fc.array(fc.nat(20), { maxLength: 3 })).map(([query, kept]) => {
    const fields = Object.keys(query)
    return Object.fromEntries(kept.map((n) => [fields[n]!, query[fields[n]!]]))
  })
}

function params(query: Query): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const one of value === undefined ? [] : typeof value === 'string' ? [value] : value) params.append(name, one)
  }
  return params.toString()
}

/** The plain meaning of every filter. `onHandOnly` stands in for what `physical` leaves unsaid. */
function fits(row: CoilRow, query: Query, onHandOnly = query.physical === undefined): boolean {
  const ageDays = (NOW.getTime() - row.enteredAt.getTime()) / DAY_MS
  const among = (name: Facet | 'form' | 'customer' | 'agreement') =>
    query[name] === undefined || query[name].includes(row[name] ?? '')
  const from = (name: string, value: number | null) =>
    query[name] === undefined || (value !== null && value >= Number(query[name]))
  const to = (name: string, value: number | null) =>
    query[name] === undefined || (value !== null && value <= Number(query[name]))
  return (
    (!onHandOnly || row.onHand) &&
    [...FACETS, 'form' as const, 'customer' as const, 'agreement' as const].every(among) &&
    (query.available === undefined || String(row.available) === query.available) &&
    from('minGaugeMm', row.gaugeMm) &&
    to('maxGaugeMm', row.gaugeMm) &&
    from('minWidthMm', row.widthMm) &&
    to('maxOuterDiameterMm', row.outerDiameterMm) &&
    from('minWeightKg', row.netWeightKg) &&
    to('maxWeightKg', row.netWeightKg) &&
    from('minAgeDays', ageDays) &&
    to('maxAgeDays', ageDays) &&
    (query.castNumber === undefined || row.castNumbers.some((number) => query.castNumber!.includes(number))) &&
    (query.q === undefined ||
      String(query.q)
        .toUpperCase()
        .split(' ')
        .every((part) => numbersOf(row).numbers.includes(part)))
  )
}

const sums = (found: readonly CoilRow[]) => ({
  coils: found.length,
  kg: found.reduce((kg, row) => kg + row.netWeightKg, 0),
})

function by(sort: keyof typeof SORTS, down: boolean) {
  return (one: CoilRow, other: CoilRow) => {
    for (const column of SORTS[sort]) {
      if (one[column] < other[column]) return down ? 1 : -1
      if (one[column] > other[column]) return down ? -1 : 1
    }
    return 0
  }
}
