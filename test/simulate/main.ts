/**
 * Lives a plausible plant through the public HTTP API, and balances the books at the end.
 *
 *     npm run simulate -- --seed 7 --coils 500 --speed max
 *
 * Without --url it starts a product of its own in a folder of its own. It ends with 1 if a gram is missing.
 */
import { throwAwayCoiltrail } from '../support/throw-away-coiltrail.js'
import { type Books, balanceBooks } from './books.js'
import { PlantTime } from './clock.js'
import { HELP, type Options, optionsOf } from './options.js'
import { PlantClient } from './plant-client.js'
import { livePlant } from './plant-life.js'
import { progress } from './progress.js'
import { type Plant, runningPlant } from './running-plant.js'

const STOPPED = 'stopped by Ctrl-C'
const DAY_MS = 86_400_000

process.exitCode = await main().catch((error: Error) => {
  console.error(error.message === STOPPED ? '\nStopped.' : `\nThe simulation cannot go on. ${error.message}`)
  return error.message === STOPPED ? 130 : 1
})

async function main(): Promise<number> {
  const options = optionsOf(process.argv.slice(2))
  if (options === 'help') {
    console.log(HELP)
    return 0
  }
  const stop = stopOnCtrlC()
  let plant: Plant | undefined
  try {
    plant = await plantFor(options)
    return await live(options, plant, stop.signal)
  } catch (error) {
    // Ctrl-C reaches the product too, which may be gone before we notice: that is no error.
    stop.signal.throwIfAborted()
    throw error
  } finally {
    // One crew has failed: the others shall not go on while the product stops.
    stop.abort(new Error(STOPPED))
    await plant?.stop()
  }
}

function stopOnCtrlC(): AbortController {
  const stop = new AbortController()
  let since: number | undefined
  process.on('SIGINT', () => {
    since ??= performance.now()
    // npm passes the same Ctrl-C on a second time; a later one is from somebody who does not want to wait.
    if (performance.now() - since > 1_000) process.exit(130)
    stop.abort(new Error(STOPPED))
  })
  return stop
}

async function plantFor({ url, tokens }: Options): Promise<Plant> {
  if (url !== undefined) return runningPlant(url, tokens)
  console.log('Starting a Coiltrail of its own')
  return throwAwayCoiltrail()
}

async function live({ seed, coils, crews, days, speed }: Options, plant: Plant, signal: AbortSignal): Promise<number> {
  const client = new PlantClient(plant.url, plant.token, signal)
  const tag = `SIM${seed}${Date.now().toString(36).toUpperCase()}`
  console.log(`Seed ${seed}: ${coils} coils in ${days} days at ${plant.url}, numbered ${tag}-...`)
  const begun = performance.now()
  const bar = progress('Living   ', coils, () => happenings(client))
  const time = new PlantTime(new Date(Date.now() - days * DAY_MS), speed, signal)
  try {
    await livePlant({ seed, coils, tag, crews, onCoils: bar.reached }, client, time, signal)
  } finally {
    bar.end()
  }
  const seconds = (performance.now() - begun) / 1000
  const { commands, refused, retries, doubleTaps, replays } = client.counts
  console.log(
    `${commands} commands in ${seconds.toFixed(1)} s (${Math.round(commands / seconds)}/s), ${refused} refused as they should be, ` +
      `${doubleTaps} tapped twice, ${replays} sent again, ${retries} retries while the plant was away`,
  )
  const reading = progress('Balancing', 1, () => '')
  try {
    return report(await balanceBooks(client, tag, reading.reached).finally(reading.end))
  } finally {
    reading.end()
  }
}

/** In a line that fits behind a bar. */
function happenings({ counts, facts }: PlantClient): string {
  const of = (...types: string[]) => types.reduce((sum, type) => sum + (facts.get(type) ?? 0), 0)
  return [
    `${counts.commands} commands`,
    `${of('CoilReceived', 'CoilCast')} coils in`,
    `${of('ProcessOrderCompleted')} orders done`,
    `${of('CoilHeld')} holds`,
    `${of('CoilDispatched')} sent`,
  ].join(', ')
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
