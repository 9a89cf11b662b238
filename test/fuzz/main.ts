/**
 * Asks a Coiltrail of its own anything, made from the API document: whatever comes, no answer is 5xx, none has a status
 * that the document does not tell, and none tells of our insides.
 *
 *     npm run fuzz -- --minutes 10 --seed 7
 *
 * Prints the smallest request that found each kind of fault, and ends with 1.
 */
import { parseArgs } from 'node:util'
import { PlantTime } from '../simulate/clock.js'
import { PlantClient } from '../simulate/plant-client.js'
import { livePlant } from '../simulate/plant-life.js'
import { throwAwayCoiltrail } from '../support/throw-away-coiltrail.js'
import { callersOf, fuzz } from './fuzz.js'

const COILS = 40
const NO_LIMIT = { REQUESTS_PER_KEY: '10000000', REQUESTS_PER_ADDRESS: '10000000' }

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})
const minutes = Number(values.minutes)
const seed = Number(values.seed)
if (!(minutes > 0) || !Number.isInteger(seed)) throw new Error('--minutes is a number above 0, --seed a whole number')

console.log(`Seed ${seed}: ${minutes} minutes on a Coiltrail of its own`)
const product = await throwAwayCoiltrail(NO_LIMIT)
const stop = new AbortController()
try {
  const client = new PlantClient(product.url, product.token, stop.signal)
  const time = new PlantTime(new Date(Date.now() - 86_400_000), Number.POSITIVE_INFINITY, stop.signal)
  await livePlant({ seed, coils: COILS, tag: `FUZZ${seed}`, crews: 4, onCoils: () => {} }, client, time, stop.signal)
  const answers = new Map<string, Map<number, number>>()
  const { requests, faults } = await fuzz({
    url: product.url,
    keys: callersOf(product.token),
    ms: minutes * 60_000,
    seed,
    heard({ method, path }, status) {
      const route = `${method} ${path}`
      const counted = answers.get(route) ?? new Map<number, number>()
      answers.set(route, counted.set(status, (counted.get(status) ?? 0) + 1))
    },
  })
  console.table(
    [...answers].sort().map(([route, statuses]) => ({
      route,
      answers: [...statuses]
        .sort()
        .map(([status, times]) => `${status}: ${times}`)
        .join(', '),
    })),
  )
  console.log(`${requests} requests to ${answers.size} routes, ${faults.length} kinds of faults`)
  for (const fault of faults) console.log(`\n${fault}`)
  process.exitCode = faults.length > 0 ? 1 : 0
} finally {
  await product.stop()
}
