/** The network between one process and what it needs: slow to death, broken, or open on one side only. */
import { setTimeout as sleep } from 'node:timers/promises'
import { APPS } from '../../local/routes.js'
import type { Chance } from '../../simulate/chance.js'
import type { NetworkLine } from '../../support/network-line.js'
import type { MortalPlant, Part } from './mortal-plant.js'
import { activeOf, cutLease, type Leased, READ_MODELS, someService } from './standing.js'
import type { Strike } from './strike.js'

export const holdLine: Strike = async ({ plant }, chance) => {
  const { line, where } = someLine(plant, chance)
  const ms = chance.percent(50) ? chance.int(300, 3_000) : chance.int(3_000, 11_000)
  line.hold()
  await sleep(ms)
  line.release()
  return `nothing passes between ${where} for ${ms} ms`
}

export const resetLine: Strike = async ({ plant }, chance) => {
  const { line, where } = someLine(plant, chance)
  const times = chance.int(1, 5)
  for (let n = 0; n < times; n++) {
    line.reset()
    await sleep(chance.int(0, 600))
  }
  return `all connections between ${where} reset, ${times} times`
}

/** A server finds out after a while; a process of the product has nobody who tells it. */
export const halfOpenLine: Strike = async ({ plant }, chance) => {
  const { line, where } = someLine(plant, chance)
  const told = chance.pick(['client', 'server'] as const)
  const ms = chance.int(1_000, 6_000)
  line.halfOpen(told)
  await sleep(ms)
  line.bury()
  return `connections between ${where} half open: only the ${told} knows for ${ms} ms that they are gone`
}

export const silenceLine: Strike = async ({ plant }, chance) => {
  const { line, where } = someLine(plant, chance)
  const [silent, dead] = [chance.int(500, 3_000), chance.int(500, 4_000)]
  line.fallSilent()
  await sleep(silent)
  line.comeBack()
  await sleep(dead)
  line.bury()
  return `silence between ${where} for ${silent} ms, and connections dead; the server finds out ${dead} ms later`
}

/** PostgreSQL has ended the connection with the lease; the one that had it does not know, and goes on as a zombie. */
export const zombieRelay: Strike = ({ plant }) => zombie(plant, 'relay')
export const zombieRunner: Strike = ({ plant }, chance) => zombie(plant, chance.pick(READ_MODELS))

async function zombie(plant: MortalPlant, app: Leased): Promise<string> {
  const one = await activeOf(plant, app)
  const began = performance.now()
  plant.line(one, 'database').halfOpen('server')
  const { name } = await activeOf(plant, app, one)
  const ms = Math.round(performance.now() - began)
  return `${one.name} lost its lease without a word; ${name} took over after ${ms} ms`
}

/** As an administrator ends a connection: whoever had the lease is told, and may be the next to take it. */
export const cutRelayLease: Strike = ({ plant }) => leaseCut(plant, 'relay')
export const cutRunnerLease: Strike = ({ plant }, chance) => leaseCut(plant, chance.pick(READ_MODELS))

async function leaseCut(plant: MortalPlant, app: Leased): Promise<string> {
  const before = await activeOf(plant, app)
  await cutLease(plant, app)
  const after = await activeOf(plant, app)
  return `the lease of ${before.name} cut; ${after.name} has it now`
}

const PARTS: Readonly<Record<Part, string>> = { database: 'PostgreSQL', events: 'the event store', kafka: 'Kafka' }

function someLine(plant: MortalPlant, chance: Chance): { line: NetworkLine; where: string } {
  const app = chance.pick(APPS)
  // Operations has nothing to do with Kafka.
  const part = chance.pick(
    app === 'operations' ? (['database', 'events'] as const) : (['database', 'events', 'kafka'] as const),
  )
  const service = someService(plant, app, chance.int(0, 1))
  return { line: plant.line(service, part), where: `${service.name} and ${PARTS[part]}` }
}
