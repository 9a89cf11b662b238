/**
 * Lives a plant on a product that is killed again and again, and then asks for the proof: what was acknowledged is
 * there once, what was refused is not, the read models are what a replay makes of the events, the books balance.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { balanceBooks } from '../simulate/books.js'
import { Chance } from '../simulate/chance.js'
import { PlantTime } from '../simulate/clock.js'
import { PlantClient } from '../simulate/plant-client.js'
import { livePlant } from '../simulate/plant-life.js'
import { MortalCoiltrail, type Victim } from './mortal-coiltrail.js'
import { eventsProved, gaplessProved, headIn, readModelsProved, repeatsProved, storedIn } from './proofs.js'

export interface Chaos {
  /** The same seed lives the same plant and kills the same victims after the same numbers of commands. */
  readonly seed: number
  /** Kills. */
  readonly points: number
  readonly coils: number
  readonly say: (sentence: string) => void
}

export interface Survived {
  readonly events: number
  readonly commands: number
  readonly retries: number
  readonly coils: number
  /** In sentences; none if all is well. */
  readonly faults: readonly string[]
}

interface Strike {
  readonly afterCommands: number
  /** After that command, to hit another moment of the next. */
  readonly ms: number
  readonly victim: Victim
  /** The product is killed once more while it starts again. */
  readonly falseStartMs: number | undefined
  /** This read model is being rebuilt when the blow falls. */
  readonly rebuild: string | undefined
}

export async function surviveChaos({ seed, points, coils, say }: Chaos): Promise<Survived> {
  const stop = new AbortController()
  const product = await MortalCoiltrail.start()
  try {
    const client = new PlantClient(product.url, product.token, stop.signal)
    const tag = `CHAOS${seed}`
    const time = new PlantTime(new Date(Date.now() - 3 * 86_400_000), Number.POSITIVE_INFINITY, stop.signal)
    let alive = true
    const life = livePlant({ seed, coils, tag, crews: 12, onCoils: () => {} }, client, time, stop.signal).finally(
      () => {
        alive = false
      },
    )
    const strikes = async () => {
      for (const { afterCommands, ms, victim, falseStartMs, rebuild } of strikesOf(seed, points, coils)) {
        while (alive && client.counts.commands < afterCommands) await sleep(2)
        if (rebuild) await product.http.post(`/api/projections/${rebuild}/rebuild`)
        await sleep(ms)
        const also = [
          rebuild && `${rebuild} being rebuilt`,
          falseStartMs !== undefined && `again ${falseStartMs} ms after its start`,
          !alive && 'the plant is done',
        ]
        say([`command ${client.counts.commands}: kill ${victim}`, ...also.filter(Boolean)].join(', '))
        await product.kill(victim, falseStartMs)
      }
    }
    await Promise.all([life, strikes()]).catch((error) => {
      stop.abort(error)
      throw error
    })

    const books = await balanceBooks(client, tag, () => undefined)
    await product.restart()
    const database = await product.database()
    try {
      const faults = [...books.faults]
      const events = await storedIn(database)
      gaplessProved(events, faults)
      eventsProved(events, client, tag, faults)
      await repeatsProved(() => headIn(database), client, faults)
      await readModelsProved(database, product.http, faults)
      return {
        events: events.length,
        commands: client.acknowledged.size,
        retries: client.counts.retries,
        coils: books.coils,
        faults,
      }
    } finally {
      await database.end()
    }
  } catch (error) {
    say(product.output())
    throw error
  } finally {
    stop.abort(new Error('the chaos is over'))
    await product.end()
  }
}

/** Every kind of victim in its turn, at moments spread over the whole life of the plant. */
function strikesOf(seed: number, points: number, coils: number): Strike[] {
  const chance = Chance.of(seed, -1)
  // A coil from outside takes some ten commands until it is sold; the last of them come from few crews.
  const between = Math.max(1, Math.floor((coils * 8) / points))
  const victims: Victim[] = ['product', 'postgres', 'both']
  const first = chance.int(0, 2)
  return Array.from({ length: points }, (_, i) => ({
    afterCommands: i * between + chance.int(1, between),
    ms: chance.int(0, 40),
    victim: victims[(first + i) % 3]!,
    falseStartMs: chance.percent(30) ? chance.int(100, 3_000) : undefined,
    rebuild: chance.percent(40) ? chance.pick(['inventory', 'throughput']) : undefined,
  }))
}
