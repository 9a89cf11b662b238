/** From an empty table to the present, from all of history. */
import type { Bench } from '../bench.js'
import { EMMETT, EMMETT_AS_IT_COMES, OURS } from '../results.js'

/** Emmett takes seconds for these, and is no faster with more. */
const EMMETTS_COILS = 800
/** Measured with 100, 1,000 and 5,000, and no pause between them: it is fastest with this. */
const EMMETTS_BATCH = 1_000

export async function benchRebuilds(bench: Bench): Promise<void> {
  const { url } = await bench.plant()
  const ours = await bench.contender('coiltrail-rebuild', url)
  const emmett = await bench.contender('emmett-rebuild', (await bench.database()).url)
  await emmett.ask('load', { coils: Math.min(EMMETTS_COILS, bench.options.coils) })
  const once = { warmUp: false, rounds: Math.min(bench.options.rounds, 3) }
  await bench.takeTurns(
    'rebuild a simple projection',
    'events',
    [
      { who: OURS, run: () => ours.ask('rebuild', { name: 'bench_stock' }) },
      { who: EMMETT, run: () => emmett.ask('rebuild', { batchSize: EMMETTS_BATCH }) },
      { who: EMMETT_AS_IT_COMES, run: () => emmett.ask('rebuild', {}) },
    ],
    once,
  )
  await emmett.stop()
  for (const name of ['inventory', 'throughput']) {
    const run = () => ours.ask('rebuild', { name })
    await bench.takeTurns(`rebuild the ${name}`, 'events', [{ who: OURS, run }], once)
  }
  await ours.stop()
}
