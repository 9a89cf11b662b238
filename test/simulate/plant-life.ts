import { coilsArrive } from './arrivals.js'
import { castCoils } from './casting.js'
import { Chance } from './chance.js'
import { type PlantTime, Watch } from './clock.js'
import { Crew, type Strip } from './crew.js'
import type { PlantClient } from './plant-client.js'
import { anneal, cutToLength, divide, remelt, roll, slit } from './processing.js'
import { everyday, inspect } from './quality.js'
import { sell } from './sales.js'

export interface PlantLife {
  readonly seed: number
  /** Coils that come in from outside, received or cast. */
  readonly coils: number
  /** Before every coil number and key, so that two runs on one plant do not meet. */
  readonly tag: string
  /** Crews at work at the same time. */
  readonly crews: number
  readonly onCoils: (done: number) => void
}

/** Some lorries and casting runs a day, each followed by a crew of its own until its last strip is sold or stored. */
export async function livePlant(
  life: PlantLife,
  client: PlantClient,
  time: PlantTime,
  signal: AbortSignal,
): Promise<void> {
  const jobs = planJobs(life)
  const horizon = Date.now() - time.from.getTime()
  const casters = { 'CAST-1': Promise.resolve(), 'CAST-2': Promise.resolve() }
  let next = 0
  let done = 0
  const worker = async () => {
    while (next < jobs.length && !signal.aborted) {
      const number = next++
      const { count, cast } = jobs[number]!
      const chance = Chance.of(life.seed, number)
      const begins = new Date(time.from.getTime() + (horizon * number) / (jobs.length * 1.6))
      const job = `${life.tag}-${String(number).padStart(4, '0')}`
      const crew = new Crew(job, chance, new Watch(begins, Date.now), client, time, `${life.tag}-${number}`)
      let strips: Strip[]
      if (cast) {
        const caster = chance.pick(['CAST-1', 'CAST-2'] as const)
        // A caster casts one run at a time.
        const run = casters[caster].then(() => castCoils(crew, job, caster, count))
        casters[caster] = run.then(
          () => undefined,
          () => undefined,
        )
        strips = await run
      } else strips = await coilsArrive(crew, job, count)
      await followThrough(crew, job, strips)
      done += count
      life.onCoils(done)
    }
  }
  await Promise.all(Array.from({ length: Math.min(life.crews, jobs.length) }, worker))
}

function planJobs({ seed, coils }: PlantLife): { count: number; cast: boolean }[] {
  const chance = new Chance(seed)
  const jobs: { count: number; cast: boolean }[] = []
  for (let left = coils; left > 0; ) {
    const cast = chance.percent(30)
    const count = Math.min(left, cast ? chance.int(2, 6) : chance.int(3, 12))
    jobs.push({ count, cast })
    left -= count
  }
  return jobs
}

async function followThrough(crew: Crew, job: string, strips: readonly Strip[]): Promise<void> {
  const { chance } = crew
  const good: Strip[] = []
  const rejected: Strip[] = []
  for (const strip of strips) {
    const kept = await everyday(crew, strip)
    const verdict = await inspect(crew, kept)
    if (verdict === 'good') good.push(kept)
    if (verdict === 'rejected') rejected.push(kept)
  }
  const rolled: Strip[] = []
  for (const strip of good) {
    // A tenth stays in stock as it came; somebody will ask for it.
    if (chance.percent(10)) continue
    if (chance.percent(15)) {
      rolled.push(strip)
      continue
    }
    const hot = await roll(crew, 'HOT-1', strip, Math.round(strip.product.gaugeMm * 50) / 100, 'F')
    if (hot.coil === strip.coil) continue
    rolled.push(chance.percent(50) ? await roll(crew, chance.pick(['COLD-1', 'COLD-2']), hot, 0.8, 'H14') : hot)
  }
  const soft = rolled.length > 1 && chance.percent(30) ? await anneal(crew, rolled) : rolled
  const finished: Strip[] = []
  for (const strip of soft) finished.push(...(await finish(crew, strip)))
  const forSale = finished.filter(() => chance.percent(80))
  if (forSale.length > 0) await sell(crew, forSale)
  if (rejected.length > 0) await remelt(crew, rejected, `RM-${job}`)
}

async function finish(crew: Crew, strip: Strip): Promise<Strip[]> {
  const what = crew.chance.int(1, 10)
  if (what <= 5) return slit(crew, strip)
  if (what <= 6) return divide(crew, strip)
  if (what <= 7) return cutToLength(crew, strip)
  return [strip]
}
