/** A command, and then the query of whoever gave it, which waits until its read model has it. */
import { randomUUID } from 'node:crypto'
import type { Bench, Turn } from '../../bench.js'
import type { Connection, Request } from '../../http-load.js'
import type { Client } from '../../product.js'
import { type Load, type Rate, rateFrom } from '../../rate.js'
import { DISTRIBUTED, ON_KURRENTDB, OURS, THREE_REPLICAS } from '../../results.js'
import { type Deployments, receiveCoils } from './deployments.js'

/** Many more than are in flight, so that commands about one coil do not meet. */
const COILS = 1_000
const IN_FLIGHT = [1, 20]

export async function benchSeeing(bench: Bench, deployments: Deployments): Promise<void> {
  const { standalone, byKafka, onKurrentDb } = deployments
  const clients: [who: string, client: Client, coils: string[]][] = [
    [OURS, standalone, await receiveCoils(standalone, COILS)],
    [DISTRIBUTED, byKafka.one, await receiveCoils(byKafka.all, COILS)],
    [THREE_REPLICAS, byKafka.all, await receiveCoils(byKafka.all, COILS)],
  ]
  if (onKurrentDb) clients.push([ON_KURRENTDB, onKurrentDb.one, await receiveCoils(onKurrentDb.all, COILS)])
  else {
    const why = 'KURRENTDB_URL is not set'
    bench.results.notRun.push({ what: 'command until it is seen', who: ON_KURRENTDB, why })
  }
  for (const inFlight of IN_FLIGHT) {
    const turns = clients.map(([who, client, coils]): Turn => {
      return { who, run: (seconds) => inspectAndSee(client, coils, { inFlight, seconds }) }
    })
    const whats = ['command until it is seen', 'acknowledged until it is seen']
    await bench.takeTurns(
      whats.map((what) => `${what}, ${inFlight} in flight`),
      'commands',
      turns,
    )
  }
}

/** Of both together, and of the query alone. */
async function inspectAndSee(client: Client, coils: readonly string[], load: Load): Promise<[Rate, Rate]> {
  const waits: number[] = []
  let turn = 0
  const work = async (connection: Connection) => {
    const coil = coils[turn++ % coils.length]!
    const { token } = JSON.parse(await connection.ask(inspect(coil))) as { token: string }
    const acknowledged = performance.now()
    await connection.ask({ method: 'GET', path: seen(coil, token) })
    waits.push(performance.now() - acknowledged)
  }
  const both = await client.work('operator', work, load)
  return [both, { ...rateFrom(waits, load.seconds), perSecond: both.perSecond }]
}

/** What happened to the coil: of all that is told of one, the least work for who tells it. */
export const seen = (coil: string, token: string) => `/api/coils/${coil}/timeline?after=${token}`

export function inspect(coil: string): Request {
  const headers = { 'idempotency-key': randomUUID() }
  return { method: 'POST', path: `/api/coils/${coil}/inspect`, headers, body: '{"result":"conforming"}' }
}
