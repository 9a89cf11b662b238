/** What three replicas of the inventory are good for: more searches, and another one when the first is gone. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from '../../bench.js'
import { Dice } from '../../history/dice.js'
import type { Client } from '../../product.js'
import { type Rate, rateFrom } from '../../rate.js'
import { DISTRIBUTED, THREE_REPLICAS } from '../../results.js'
import { someCoils, stockSearch } from '../../stock-search.js'
import { activeOf, type Deployment, type Deployments, receiveCoils, settled } from './deployments.js'
import { inspect, seen } from './seeing.js'

const IN_FLIGHT = 20
const PATIENCE_MS = 60_000

export async function benchReplicas(bench: Bench, { byKafka }: Deployments): Promise<void> {
  const { one, all } = byKafka
  const dice = new Dice(13)
  const coils = await someCoils(one, dice)
  const search = (client: Client) => (seconds: number) => {
    const next = () => ({ method: 'GET' as const, path: `/api/stock?${stockSearch(dice, coils)}` })
    return client.load('sales', next, { inFlight: IN_FLIGHT, seconds })
  }
  await bench.takeTurns(`search stock through the proxy, ${IN_FLIGHT} in flight`, 'searches', [
    { who: DISTRIBUTED, run: search(one) },
    { who: THREE_REPLICAS, run: search(all) },
  ])
  await benchTakeover(bench, byKafka)
}

/** From the end of the inventory that applies events to the first command seen again. */
async function benchTakeover(bench: Bench, { distributed, all }: Deployment): Promise<void> {
  const { rounds } = bench.options
  const coils = await receiveCoils(all, rounds)
  const waits: number[] = []
  for (const coil of coils) {
    await settled(distributed)
    const active = await activeOf(distributed, 'inventory')
    const killed = performance.now()
    active.kill()
    const { token } = await all.ask<{ token: string }>('operator', inspect(coil))
    await answered(all, seen(coil, token), killed + PATIENCE_MS)
    waits.push(performance.now() - killed)
  }
  const rate: Rate = { ...rateFrom(waits, 1), perSecond: perSecond(waits) }
  bench.results.add('seen again after the inventory was killed', THREE_REPLICAS, 'takeovers', rate, rounds)
  bench.say(`Seen again after ${waits.map((ms) => `${(ms / 1000).toFixed(1)} s`).join(', ')}`)
}

async function answered(client: Client, path: string, until: number): Promise<void> {
  for (;;) {
    try {
      await client.ask('operator', { method: 'GET', path })
      return
    } catch (error) {
      if (performance.now() > until) throw error
      await sleep(20)
    }
  }
}

const perSecond = (waits: readonly number[]) => {
  const seconds = waits.reduce((sum, ms) => sum + ms, 0) / 1000
  return Math.round((waits.length / seconds) * 100) / 100
}
