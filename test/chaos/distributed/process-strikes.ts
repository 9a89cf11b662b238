/** Processes of the product killed, or stopped and woken up: relays, runners of read models, operations. */
import { setTimeout as sleep } from 'node:timers/promises'
import { goneWithin } from '#platform/postgres/processes'
import type { Service } from '../../local/service.js'
import type { Chance } from '../../simulate/chance.js'
import { type MortalPlant, TOPIC } from './mortal-plant.js'
import { activeOf, cutLease, type Leased, READ_MODELS, type ReadModel, someService, until } from './standing.js'
import { asAdmin, BEYOND_SESSION_MS, type Strike, type Struck } from './strike.js'

/** A relay whose database is silent publishes no more after this: see `PROVEN_MS` in right-to-publish.ts; the rest is for the look at the topic. */
const ASKS_AFTER_MS = 3_000

export const killRelay: Strike = async ({ plant }, chance) => {
  const relay = await activeOf(plant, 'relay')
  const again = await killed(relay, chance)
  const { name } = await activeOf(plant, 'relay')
  return `${relay.name} killed${again}; ${name} publishes`
}

/**
 * The brokers have acknowledged a batch, and the checkpoint does not say so: it is published again by the next one.
 * When nothing was written in the plant in the moment that this takes, it waits for another.
 */
export const killRelayBeforeCheckpoint: Strike = async (struck, chance) => {
  const arrivesLate = chance.percent(50)
  const { relay, unwritten } = await until('a relay is killed with a batch sent and its checkpoint not written', () =>
    killBeforeCheckpoint(struck, arrivesLate),
  )
  const { name } = await activeOf(struck.plant, 'relay')
  const late = arrivesLate ? ', its last words arriving after its death' : ''
  return `${relay.name} killed with ${unwritten} events sent and not in the checkpoint${late}; ${name} publishes`
}

/** Undefined, and the relay alive, if it published nothing before it had to ask whether it still may. */
async function killBeforeCheckpoint(struck: Struck, arrivesLate: boolean) {
  const { plant } = struck
  const relay = await activeOf(plant, 'relay')
  const line = plant.line(relay, 'database')
  // For a second after a checkpoint the relay does not ask whether it may publish.
  const last = await checkpointOf(plant)
  await until('the relay moves its checkpoint', async () => ((await checkpointOf(plant)) > last ? true : undefined))
  if (arrivesLate) line.hold()
  else line.fallSilent()
  let killed = false
  try {
    // A checkpoint that was on its way when the line fell silent is written by now.
    await sleep(50)
    for (const end = performance.now() + ASKS_AFTER_MS; performance.now() < end; await sleep(50)) {
      const unwritten = await unwrittenOn(struck)
      if (unwritten === 0) continue
      const pid = relay.pid!
      relay.kill()
      await goneWithin(pid, 10_000)
      killed = true
      return { relay, unwritten }
    }
    return undefined
  } finally {
    if (arrivesLate) line.release()
    else line.comeBack()
    if (killed) line.bury()
    else if (!arrivesLate) line.reset()
  }
}

/** What it sends reaches no broker, or nobody hears whether it did: the checkpoint must not have it. */
export const killRelayBeforeAcknowledgement: Strike = async ({ plant }, chance) => {
  const relay = await activeOf(plant, 'relay')
  const line = plant.line(relay, 'kafka')
  line.fallSilent()
  const ms = chance.int(100, 1_500)
  await sleep(ms)
  const again = await killed(relay, chance)
  line.comeBack()
  line.bury()
  const { name } = await activeOf(plant, 'relay')
  return `${relay.name} killed when no broker had answered it for ${ms} ms${again}; ${name} publishes`
}

/** Its rows are committed, and what Kafka has as the group's offsets is behind. */
export const killRunner: Strike = async ({ plant }, chance) => {
  const readModel = chance.pick(READ_MODELS)
  const runner = await activeOf(plant, readModel)
  await until(`${readModel} has committed what Kafka has not`, async () => {
    return (await committedAhead(plant, readModel)) > 0 ? true : undefined
  })
  const again = await killed(runner, chance)
  const ahead = await committedAhead(plant, readModel)
  const { name } = await activeOf(plant, readModel)
  return `${runner.name} killed with ${ahead} offsets committed in its database that Kafka lacks${again}; ${name} applies`
}

export const killOperations: Strike = async ({ plant }, chance) => {
  const some = someService(plant, 'operations', chance.int(0, 1))
  return `${some.name} killed${await killed(some, chance)}`
}

/** The process stands still while another one takes over, and then wakes up believing that nothing has happened. */
export const stopRelay: Strike = async ({ plant }, chance) => {
  return stopped(plant, 'relay', true, BEYOND_SESSION_MS + chance.int(0, 1_500))
}

export const stopRunner: Strike = async ({ plant }, chance) => {
  return stopped(plant, chance.pick(READ_MODELS), chance.percent(65), BEYOND_SESSION_MS + chance.int(0, 1_500))
}

export const stopOperations: Strike = async ({ plant }, chance) => {
  const some = someService(plant, 'operations', chance.int(0, 1))
  const ms = chance.int(200, BEYOND_SESSION_MS)
  await asleep(some, () => sleep(ms))
  return `${some.name} stopped for ${ms} ms, and woken up`
}

async function stopped(plant: MortalPlant, app: Leased, isOvertaken: boolean, ms: number): Promise<string> {
  const service = await activeOf(plant, app)
  let successor = 'nobody took over'
  await asleep(service, async () => {
    const began = performance.now()
    if (isOvertaken) {
      await cutLease(plant, app)
      successor = `${(await activeOf(plant, app, service)).name} took over`
    }
    await sleep(Math.max(0, ms - (performance.now() - began)))
  })
  return `${service.name} stopped for ${ms} ms, ${successor}, and woken up`
}

async function asleep(service: Service, meanwhile: () => Promise<unknown>): Promise<void> {
  const pid = service.pid!
  process.kill(pid, 'SIGSTOP')
  try {
    await meanwhile()
  } finally {
    process.kill(pid, 'SIGCONT')
  }
}

/** Sometimes once more while it starts again. */
async function killed(service: Service, chance: Chance): Promise<string> {
  const falseStartMs = chance.percent(30) ? chance.int(600, 2_500) : undefined
  service.kill()
  if (falseStartMs === undefined) return ''
  await sleep(falseStartMs)
  service.kill()
  return `, and again ${falseStartMs} ms later`
}

/** How many messages on the topic the checkpoint of the relay does not have. */
async function unwrittenOn({ plant, transcript }: Struck): Promise<number> {
  await transcript.readOn()
  return transcript.behind(await checkpointOf(plant))
}

async function checkpointOf(plant: MortalPlant): Promise<bigint> {
  const { rows } = await plant
    .database('relay')
    .query<{ position: string }>('SELECT position FROM relay.checkpoints WHERE topic = $1', [TOPIC])
  return BigInt(rows[0]!.position)
}

/** How many messages a read model has applied that its group's offsets in Kafka do not have. */
async function committedAhead(plant: MortalPlant, readModel: ReadModel): Promise<number> {
  const { rows } = await plant
    .database(readModel)
    .query<{ partition: number; offset: string }>(
      `SELECT partition, "offset" FROM ${readModel}.offsets JOIN ${readModel}.builds USING (build) WHERE state = 'live'`,
    )
  const groupId = `${TOPIC}.${readModel}`
  const [group] = await asAdmin(plant, (admin) => admin.fetchOffsets({ groupId, topics: [TOPIC] }))
  const kept = new Map(group!.partitions.map(({ partition, offset }) => [partition, Math.max(0, Number(offset))]))
  return rows.reduce(
    (sum, { partition, offset }) => sum + Math.max(0, Number(offset) + 1 - (kept.get(partition) ?? 0)),
    0,
  )
}
