/** What people ask all day, over HTTP, of a plant with `--coils` coils: stock by what sales want, passports, families. */
import type { Bench } from '../bench.js'
import { ANCESTOR, childrenOf } from '../history/big-family.js'
import { Dice } from '../history/dice.js'
import type { Request } from '../http-load.js'
import { type Product, startProduct } from '../product.js'
import { OURS } from '../results.js'
import { someCoils, stockSearch } from '../stock-search.js'

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
    ['search stock', 'searches', () => get(`/api/stock?${stockSearch(dice, coils)}`), [1, 20]],
    ['search stock with facets', 'searches', () => get(`/api/stock?${stockSearch(dice, coils)}&facets=true`), [1, 20]],
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
