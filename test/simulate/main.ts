/**
 * Lives a plausible plant through the public HTTP API, and balances the books at the end.
 *
 *     npm run simulate -- --seed 7 --coils 500 --speed max
 *
 * Without --url it starts a product of its own in a folder of its own. It ends with 1 if a gram is missing.
 */
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { Presets, SingleBar } from 'cli-progress'
import type { Role } from '#platform/identity/roles'
import { throwAwayCoiltrail } from '../support/throw-away-coiltrail.js'
import { type Books, balanceBooks } from './books.js'
import { PlantTime } from './clock.js'
import { PlantClient } from './plant-client.js'
import { livePlant } from './plant-life.js'

const HELP = `npm run simulate -- [options]
  --seed N        which plant is lived; the same seed makes the same choices (default: by the clock)
  --coils N       coils that come in from outside (default 200)
  --speed max|N   simulated seconds per real second (default max)
  --crews N       crews at work at the same time (default 12)
  --days N        days of plant life that it spans, ending now (default: 60 coils a day)
  --url URL       a running Coiltrail; then the tokens are needed (default: one of its own)
  --tokens FILE   tokens by role, as COILTRAIL_TOKENS_FILE writes them
                  (or one administrator's token in the environment variable COILTRAIL_TOKEN)`

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string' },
    coils: { type: 'string', default: '200' },
    speed: { type: 'string', default: 'max' },
    crews: { type: 'string', default: '12' },
    days: { type: 'string' },
    url: { type: 'string' },
    tokens: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

if (options.help) console.log(HELP)
else {
  process.exitCode = await main().catch((error: Error) => {
    console.error(`\nThe simulation stopped: ${error.message}`)
    return 1
  })
}

async function main(): Promise<number> {
  const seed = numberOf('seed', options.seed ?? String(Date.now() % 1_000_000), 0)
  const coils = numberOf('coils', options.coils, 1)
  const crews = numberOf('crews', options.crews, 1)
  const days = numberOf('days', options.days ?? String(Math.max(3, Math.ceil(coils / 60))), 1)
  const speed = options.speed === 'max' ? Number.POSITIVE_INFINITY : numberOf('speed', options.speed, 1)
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort(new Error('stopped by Ctrl-C')))
  const own = options.url ? undefined : await throwAwayCoiltrail()
  try {
    const url = (options.url ?? own!.url).replace(/\/$/, '')
    const tokenOf = own ? own.token : await givenTokens()
    const client = new PlantClient(url, tokenOf, stop.signal)
    const tag = `SIM${seed}${Date.now().toString(36).toUpperCase()}`
    console.log(`Seed ${seed}: ${coils} coils at ${url}, numbered ${tag}-...`)
    const begun = performance.now()
    const bar = new SingleBar(
      { format: 'coils |{bar}| {value}/{total}  {commands} commands  {duration_formatted}' },
      Presets.shades_classic,
    )
    bar.start(coils, 0, { commands: 0 })
    const time = new PlantTime(new Date(Date.now() - days * 86_400_000), speed, stop.signal)
    const ticking = setInterval(() => bar.update({ commands: client.counts.commands }), 500)
    try {
      const onCoils = (done: number) => bar.update(done, { commands: client.counts.commands })
      await livePlant({ seed, coils, tag, crews, onCoils }, client, time, stop.signal)
    } finally {
      clearInterval(ticking)
      bar.stop()
    }
    const seconds = (performance.now() - begun) / 1000
    const { commands, refused, retries, doubleTaps, replays } = client.counts
    console.log(
      `${commands} commands in ${seconds.toFixed(1)} s (${Math.round(commands / seconds)}/s), ${refused} refused as they should be, ` +
        `${doubleTaps} tapped twice, ${replays} sent again, ${retries} retries while the plant was away`,
    )
    return report(await balanceBooks(client, tag, () => undefined))
  } finally {
    await own?.stop()
  }
}

function report({ coils, inKg, onHandKg, soldKg, scrapKg, lossKg, remeltedKg, faults }: Books): number {
  const kg = (value: number) => `${value.toLocaleString('en')} kg`
  console.log(
    `${coils} coils: ${kg(inKg)} in = ${kg(onHandKg)} on hand + ${kg(soldKg)} sold + ${kg(scrapKg)} scrap + ${kg(lossKg)} loss + ${kg(remeltedKg)} remelted`,
  )
  for (const fault of faults.slice(0, 20)) console.error(`  ${fault}`)
  if (faults.length > 20) console.error(`  ... and ${faults.length - 20} more`)
  console.log(faults.length === 0 ? 'The books balance.' : `The books do NOT balance: ${faults.length} faults.`)
  return faults.length === 0 ? 0 : 1
}

async function givenTokens(): Promise<(role: Role) => string> {
  const one = process.env.COILTRAIL_TOKEN
  if (one) return () => one
  if (!options.tokens) throw new Error('--url needs --tokens FILE, or the environment variable COILTRAIL_TOKEN')
  const tokens = JSON.parse(await readFile(options.tokens, 'utf8')) as Record<Role, string>
  return (role) => tokens[role]
}

function numberOf(name: string, given: string, least: number): number {
  const value = Number(given)
  if (!Number.isInteger(value) || value < least)
    throw new Error(`--${name} is a whole number from ${least} on, not ${given}`)
  return value
}
