/**
 * Lives a plant on a product that is killed again and again, and proves that nothing was lost and nothing done twice.
 *
 *     npm run chaos -- --seed 7 --points 40
 *     npm run chaos -- --distributed --seed 7 --points 50
 */
import { parseArgs } from 'node:util'
import { numberOf } from '../simulate/options.js'
import { surviveChaos } from './chaos.js'
import { storeOf, surviveDistributedChaos } from './distributed/chaos.js'

const HELP = `npm run chaos -- [options]
  --seed N     which plant is lived and what is killed when (default: by the clock)
  --points N   how often something is killed (default 12)
  --coils N    coils that come in from outside (default: 8 for each point)
  --distributed   every app in processes of its own, by way of Kafka: these, their servers and their network are struck,
               while coils come in for as long as that takes`

process.exitCode = await main().catch((error: Error) => {
  console.error(`\nThe chaos cannot go on. ${error.message}`)
  return 1
})

async function main(): Promise<number> {
  const { values: options } = parseArgs({
    options: {
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      points: { type: 'string', default: '12' },
      coils: { type: 'string' },
      distributed: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (options.help) {
    console.log(HELP)
    return 0
  }
  const seed = numberOf('seed', options.seed, 0)
  const points = numberOf('points', options.points, 1)
  const begun = performance.now()
  const say = (sentence: string) => console.log(`${((performance.now() - begun) / 1000).toFixed(1)} s: ${sentence}`)
  if (options.distributed) {
    // Processes of the product would outlive us.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
    return distributed(seed, points, say)
  }
  const coils = numberOf('coils', options.coils ?? String(points * 8), 1)
  console.log(`Seed ${seed}: ${coils} coils, ${points} kills`)
  const { faults, commands, retries, events } = await surviveChaos({ seed, points, coils, say })
  say(`${commands} commands acknowledged, ${retries} retries, ${events} events`)
  tell(faults)
  console.log(faults.length === 0 ? 'Everything is there once.' : `NOT well: ${faults.length} faults.`)
  return faults.length === 0 ? 0 : 1
}

async function distributed(seed: number, points: number, say: (sentence: string) => void): Promise<number> {
  console.log(`Seed ${seed}: ${points} strikes, events in ${storeOf(seed)}`)
  const survived = await surviveDistributedChaos({ seed, points, say })
  const { breaches, commands, retries, events, coils, messages, repeated } = survived
  say(
    `${coils} coils, ${commands} commands acknowledged, ${retries} retries, ${events} events, ` +
      `${messages} messages on the topic, ${repeated} of them repeated`,
  )
  const faults = Object.entries(breaches).flatMap(([what, all]) => all.map((fault) => `${what}: ${fault}`))
  tell(faults)
  const counts = Object.entries(breaches).map(([what, all]) => `${what} ${all.length}`)
  console.log(`${points} points: ${counts.join(', ')}`)
  return faults.length === 0 ? 0 : 1
}

function tell(faults: readonly string[]): void {
  for (const fault of faults.slice(0, 30)) console.error(`  ${fault}`)
  if (faults.length > 30) console.error(`  ... and ${faults.length - 30} more`)
}
