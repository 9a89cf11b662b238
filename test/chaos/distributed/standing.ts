/** Who does what in a distributed Coiltrail at this moment, and whether all is well with it. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ProjectionView } from '#projection/projection-view'
import type { App } from '../../local/routes.js'
import type { Service } from '../../local/service.js'
import { type MortalPlant, TOPIC } from './mortal-plant.js'

export const READ_MODELS = ['inventory', 'throughput'] as const
export type ReadModel = (typeof READ_MODELS)[number]

export const LEASES = {
  relay: `coiltrail relay ${TOPIC}`,
  inventory: 'coiltrail projection inventory',
  throughput: 'coiltrail projection throughput',
} as const
export type Leased = keyof typeof LEASES

const PATIENCE_MS = 120_000
const ANSWER_MS = 2_000
const ACTIVE: Readonly<Record<Leased, string>> = { relay: 'active', inventory: 'running', throughput: 'running' }

/** The one that has the lease and works; waits until there is one, other than `not` if that is given. */
export function activeOf(plant: MortalPlant, app: Leased, not?: Service): Promise<Service> {
  return until(`a process of ${app} is at work`, async () => {
    // One that is cut off takes its time to answer.
    const candidates = plant.of(app).filter((service) => service !== not)
    const states = await Promise.all(candidates.map((service) => stateOf(plant, service)))
    const active = candidates.filter((_, i) => states[i] === ACTIVE[app])
    return active.length === 1 ? active[0] : undefined
  })
}

/** Every process is ready, every read model and the topic have everything. */
export async function allWell(plant: MortalPlant): Promise<void> {
  await until('every process is well', async () => {
    const answers = await Promise.all(
      plant.apps.services.map((service) => ask<{ status: string }>(plant, service, '/api/health/ready')),
    )
    return answers.every((health) => health?.status === 'up') ? true : undefined
  })
  for (const app of ['relay', ...READ_MODELS] as const) await activeOf(plant, app)
  await until('the topic has everything', async () => {
    const relay = await ask<{ position: string; head: string }>(plant, plant.of('relay')[0]!, '/api/relay')
    return relay && relay.position === relay.head ? true : undefined
  })
  for (const app of ['operations', ...READ_MODELS] as const) {
    await until(`the read model of ${app} has everything`, async () => {
      const view = await viewOf(plant, plant.of(app)[0]!)
      return view?.lag.eventsBehind === 0 && view.rebuild === null ? true : undefined
    })
  }
}

export async function viewOf(plant: MortalPlant, service: Service): Promise<ProjectionView | undefined> {
  const body = await ask<{ projections: ProjectionView[] }>(plant, service, '/api/projections')
  return body?.projections[0]
}

/** Of the connection that holds the lease. */
export async function leaseholder(plant: MortalPlant, app: Leased): Promise<number | undefined> {
  const { rows } = await plant.database(app).query(
    `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND (classid::bigint << 32) | objid::bigint = hashtextextended($1, 0)`,
    [LEASES[app]],
  )
  return rows[0]?.pid
}

/** As an administrator of PostgreSQL does it. */
export async function cutLease(plant: MortalPlant, app: Leased): Promise<void> {
  await until(`the lease of ${app} is cut`, async () => {
    const pid = await leaseholder(plant, app)
    if (pid === undefined) return undefined
    const { rows } = await plant.database(app).query('SELECT pg_terminate_backend($1) AS cut', [pid])
    return rows[0].cut ? true : undefined
  })
}

async function stateOf(plant: MortalPlant, service: Service): Promise<string | undefined> {
  if (service.on.app !== 'relay') return (await viewOf(plant, service))?.state
  return (await ask<{ state: string }>(plant, service, '/api/relay'))?.state
}

/** Undefined while it does not answer. */
async function ask<Body>(plant: MortalPlant, { url }: Service, path: string): Promise<Body | undefined> {
  try {
    const response = await fetch(`${url}${path}`, {
      headers: { authorization: `Bearer ${plant.token('administrator')}` },
      signal: AbortSignal.timeout(ANSWER_MS),
    })
    const body = await response.json()
    return response.ok || path.startsWith('/api/health') ? (body as Body) : undefined
  } catch {
    return undefined
  }
}

/** @throws Error in words when it has not come to that within the time */
export async function until<Found>(what: string, look: () => Promise<Found | undefined>): Promise<Found> {
  let last: unknown
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(50)) {
    try {
      const found = await look()
      if (found !== undefined) return found
      last = undefined
    } catch (error) {
      // What is looked at may be away itself at this moment.
      last = error
    }
  }
  throw new Error(`waited in vain until ${what}${last ? `: ${(last as Error).message}` : ''}`)
}

export const someService = (plant: MortalPlant, app: App, number: number): Service => {
  const all = plant.of(app)
  return all[number % all.length]!
}
