/** What people ask all day, over HTTP, of a plant with `--coils` coils: stock by what sales want, passports, families. */
import type { Bench } from '../bench.js'
import { ANCESTOR, childrenOf } from '../history/big-family.js'
import { Dice } from '../history/dice.js'
import { HALLS } from '../history/lying-coil.js'
import { ALLOYS, OWNERS } from '../history/plant-history.js'
import { TEMPERS } from '../history/process.js'
import type { Request } from '../http-load.js'
import { type Product, startProduct } from '../product.js'
import { OURS } from '../results.js'

export async function benchSearch(bench: Bench): Promise<void> {
  const { url } = await bench.plant()
  const builder = await bench.contender('coiltrail-rebuild', url)
  for (const name of ['inventory', 'throughput']) await builder.tell('rebuild', { name })
  await builder.stop()
  const product = await startProduct(bench, url)
  const { totals } = await product.ask<{ totals: { coils: number } }>('sales', { method: 'GET', path: '/api/stock' })
  bench.say(`${totals.coils.toLocaleString('en')} coils on hand`)

  const dice = new Dice(11)
  const get = (path: string): Request => ({ method: 'GET', path })
  const coils = await someCoils(product, dice)
  const questions: [what: string, unit: string, next: () => Request, inFlight: number[]][] = [
    ['search stock', 'searches', () => get(`/api/stock?${search(dice, coils)}`), [1, 20]],
    ['search stock with facets', 'searches', () => get(`/api/stock?${search(dice, coils)}&facets=true`), [1, 20]],
    ['passport of a coil', 'passports', () => get(`/api/coils/${dice.one(coils)}`), [1, 20]],
    ['timeline of a coil', 'timelines', () => get(`/api/coils/${dice.one(coils)}/timeline`), [1]],
  ]
  for (const [what, unit, next, loads] of questions) {
    for (const inFlight of loads) {
      const run = (seconds: number) => product.load('sales', next, { inFlight, seconds })
      const how = inFlight === 1 ? 'one at a time' : `${inFlight} in flight`
      await bench.takeTurns(`${what}, ${how}`, unit, [{ who: OURS, run }])
    }
  }
  await benchFamily(bench, product)
  await product.stop()
}

async function benchFamily(bench: Bench, product: Product): Promise<void> {
  const children = childrenOf(bench.options.coils)
  const descendants = (children * (children + 1)).toLocaleString('en')
  const family: Request = { method: 'GET', path: `/api/coils/${ANCESTOR}/genealogy?direction=descendants` }
  const run = (seconds: number) => product.load('sales', () => family, { inFlight: 1, seconds })
  await bench.takeTurns(`genealogy, ${descendants} descendants`, 'families', [{ who: OURS, run }])
}

/** Numbers of coils on hand, from all over the plant. */
async function someCoils(product: Product, dice: Dice): Promise<string[]> {
  const coils = new Set<string>()
  for (let i = 0; i < 30; i++) {
    const path = `/api/stock?location=${HALLS[i % HALLS.length]}&sort=netWeightKg&limit=50`
    const { items } = await product.ask<{ items: { coil: string }[] }>('sales', { method: 'GET', path })
    for (const { coil } of items) coils.add(coil)
  }
  return [...coils].sort(() => dice.between(0, 2) - 1)
}

const SORTS = ['coil', 'gaugeMm', '-netWeightKg', '-gaugeMm', 'widthMm', 'alloy', '-enteredAt']

/** As sales ask: narrow or wide, one to four conditions, in any order, now and then a number. */
function search(dice: Dice, coils: readonly string[]): string {
  const query = new URLSearchParams()
  if (dice.chance(10)) {
    // As it is read off a label: the end of it.
    query.set('q', dice.one(coils).slice(dice.between(3, 6)))
    return query.toString()
  }
  if (dice.chance(60)) query.set('alloy', `EN AW-${dice.one(ALLOYS)}`)
  if (dice.chance(30)) query.set('temper', dice.one(['F', ...TEMPERS]))
  if (dice.chance(20)) query.set('owner', dice.one(OWNERS))
  if (dice.chance(20)) query.set('location', dice.one(HALLS))
  if (dice.chance(50)) query.set('available', 'true')
  if (dice.chance(40)) {
    const minGaugeMm = dice.step(0.2, 6, 0.2)
    query.set('minGaugeMm', String(minGaugeMm))
    query.set('maxGaugeMm', String(minGaugeMm + dice.step(0.1, 1.5, 0.1)))
  }
  if (dice.chance(30)) {
    const minWidthMm = dice.step(300, 1500, 50)
    query.set('minWidthMm', String(minWidthMm))
    query.set('maxWidthMm', String(minWidthMm + dice.between(50, 300)))
  }
  if (dice.chance(15)) query.set('minWeightKg', String(dice.between(2000, 8000)))
  if (dice.chance(10)) query.set('minAgeDays', String(dice.between(10, 300)))
  query.set('sort', dice.one(SORTS))
  query.set('limit', String(dice.one([50, 20, 100])))
  return query.toString()
}
