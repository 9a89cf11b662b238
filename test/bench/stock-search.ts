/** What people ask of the stock, drawn by dice. */
import type { Dice } from './history/dice.js'
import { HALLS } from './history/lying-coil.js'
import { ALLOYS, OWNERS } from './history/plant-history.js'
import { TEMPERS } from './history/process.js'
import type { Client } from './product.js'

const SORTS = ['coil', 'gaugeMm', '-netWeightKg', '-gaugeMm', 'widthMm', 'alloy', '-enteredAt']

/** Numbers of coils on hand, from all over the plant. */
export async function someCoils(client: Client, dice: Dice): Promise<string[]> {
  const coils = new Set<string>()
  for (let i = 0; i < 30; i++) {
    const path = `/api/stock?location=${HALLS[i % HALLS.length]}&sort=netWeightKg&limit=50`
    const { items } = await client.ask<{ items: { coil: string }[] }>('sales', { method: 'GET', path })
    for (const { coil } of items) coils.add(coil)
  }
  return [...coils].sort(() => dice.between(0, 2) - 1)
}

/** As sales ask: narrow or wide, one to four conditions, in any order, now and then a number. */
export function stockSearch(dice: Dice, coils: readonly string[]): string {
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
