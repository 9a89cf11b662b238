/**
 * Lives a plant on a distributed Coiltrail whose processes, servers and network are struck again and again, and then
 * asks for the proof: what was acknowledged is there once, was published, and was applied once.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { PlantTime } from '../../simulate/clock.js'
import { PlantClient } from '../../simulate/plant-client.js'
import { livePlant } from '../../simulate/plant-life.js'
import { type Breaches, type Proved, provePlant } from './distributed-proofs.js'
import { type EventStoreKind, MortalPlant, TOPIC } from './mortal-plant.js'
import { allWell } from './standing.js'
import { type Planned, strikesOf } from './strikes.js'
import { Transcript } from './transcript.js'

export interface DistributedChaos {
  /** The same seed lives the same plant, on the same kind of event store, under the same strikes in the same order. */
  readonly seed: number
  /** Strikes. */
  readonly points: number
  readonly say: (sentence: string) => void
}

export interface DistributedSurvived extends Proved {
  readonly commands: number
  readonly retries: number
}

const CREWS = 8
/** More than any chaos has the time for: the plant lives until the last strike has fallen. */
const COILS_PER_POINT = 400
/** Between two commands of a crew, so that what is proved in the end stays within minutes. */
const BREATH_MS = 120

export const storeOf = (seed: number): EventStoreKind => (seed % 2 === 0 ? 'KurrentDB' : 'PostgreSQL')

export async function surviveDistributedChaos({ seed, points, say }: DistributedChaos): Promise<DistributedSurvived> {
  const stop = new AbortController()
  const plant = await MortalPlant.start(storeOf(seed))
  try {
    say(`a plant lives at ${plant.apps.url}, its events in ${storeOf(seed)}`)
    const client = new PlantClient(plant.apps.url, plant.token, stop.signal)
    const transcript = new Transcript(plant.broker, TOPIC)
    const tag = `CHAOS${seed}`
    const enough = new AbortController()
    const time = new Unhurried(stop.signal, enough.signal)
    const coils = points * COILS_PER_POINT
    const life = livePlant({ seed, coils, tag, crews: CREWS, onCoils: () => {} }, client, time, enough.signal)
    const unhappened: string[] = []
    const strikes = async () => {
      for (const [i, planned] of strikesOf(seed, points).entries()) {
        await isDue(planned, client)
        const sentence = await planned.strike({ plant, transcript }, planned.chance).catch((error: Error) => {
          unhappened.push(`${planned.strike.name}: ${error.message}`)
          return `${planned.strike.name} FAILED: ${error.message}`
        })
        say(`${i + 1} of ${points}, command ${client.counts.commands}: ${sentence}`)
      }
      enough.abort()
    }
    await Promise.all([life, strikes()])
    say('the strikes are over; the crews have gone home')
    await allWell(plant)
    say('every process is well again')
    const proved = await provePlant({ plant, client, transcript, tag, say })
    const breaches: Breaches = { ...proved.breaches, 'strikes that failed': unhappened }
    return { ...proved, breaches, commands: client.acknowledged.size, retries: client.counts.retries }
  } catch (error) {
    say(plant.output())
    throw error
  } finally {
    stop.abort(new Error('the chaos is over'))
    await plant.end()
  }
}

async function isDue({ commandsLater, ms }: Planned, client: PlantClient): Promise<void> {
  const from = client.counts.commands
  while (client.counts.commands < from + commandsLater) await sleep(2)
  await sleep(ms)
}

/** Crews take a breath between commands until it is enough; then they hurry home. */
class Unhurried extends PlantTime {
  constructor(
    private readonly stopped: AbortSignal,
    private readonly enough: AbortSignal,
  ) {
    super(new Date(Date.now() - 3 * 86_400_000), Number.POSITIVE_INFINITY, stopped)
  }

  override async until(): Promise<void> {
    if (!this.enough.aborted) await sleep(BREATH_MS, undefined, { signal: this.stopped })
  }
}
