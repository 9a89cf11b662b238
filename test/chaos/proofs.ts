/** What must be true of a product that was struck in the middle of its work; each breach is a sentence in `faults`. */
import { isDeepStrictEqual } from 'node:util'
import type pg from 'pg'
import type { PlantClient } from '../simulate/plant-client.js'
import type { TestHttp } from '../support/http.js'
import { caughtUp, rebuilt, tablesOf } from '../support/read-models.js'

/** An event as the store has it. */
export interface Stored {
  readonly id: string
  readonly stream: string
  readonly revision: number
  readonly position: bigint
  readonly type: string
  readonly data: unknown
  readonly commandId: string | null
}

const ALL = `SELECT id, stream, revision, position, type, data, metadata->>'commandId' AS "commandId"
  FROM event_store.events ORDER BY position`

/** Everything that PostgreSQL has recorded, past the product, in its order. */
export async function storedIn(pool: pg.Pool): Promise<Stored[]> {
  const { rows } = await pool.query(ALL)
  return rows.map((row) => ({ ...row, position: BigInt(row.position) }))
}

/** In PostgreSQL positions have no gaps: that no subscriber misses a late commit rests on it. */
export function gaplessProved(events: readonly Stored[], faults: string[]): void {
  for (const [i, { position }] of events.entries()) {
    if (position !== BigInt(i + 1)) faults.push(`position ${i + 1} is missing: ${position} follows`)
  }
}

/** Every acknowledged event is in the store as it was told; nothing is there that no command was acknowledged for. */
export function eventsProved(events: readonly Stored[], client: PlantClient, tag: string, faults: string[]): void {
  const next = new Map<string, number>()
  const places = new Map<string, number>()
  for (const [i, { id, stream, revision }] of events.entries()) {
    const expected = next.get(stream) ?? 0
    if (revision !== expected) faults.push(`${stream}: revision ${revision} where ${expected} was expected`)
    next.set(stream, expected + 1)
    places.set(id, i)
  }
  const ofCommands = Map.groupBy(
    events.filter((event) => event.commandId?.startsWith(tag)),
    (event) => event.commandId!,
  )
  for (const [key, { events: told }] of client.acknowledged) {
    const stored = ofCommands.get(key) ?? []
    const same = isDeepStrictEqual(stored.map(plain).sort(byId), told.map(plain).sort(byId))
    if (!same)
      faults.push(`${client.sent.get(key)!.path} (${key}): ${told.length} events told, ${stored.length} stored`)
  }
  for (const [key, stored] of ofCommands) {
    if (!client.acknowledged.has(key)) faults.push(`${key}: ${stored.length} events of a command that was refused`)
    const whole = places.get(stored.at(-1)!.id)! - places.get(stored[0]!.id)! === stored.length - 1
    if (!whole) faults.push(`${key}: recorded in pieces`)
  }
}

const plain = ({ id, stream, revision, type, data }: Omit<Stored, 'position' | 'commandId'>) => ({
  ...{ id, stream, revision, type, data },
})
const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)

/**
 * Every acknowledged command is sent once more: it answers what it answered then, and records nothing.
 * @param most so many of them, from all of the plant's life
 */
export async function repeatsProved(
  head: () => Promise<bigint>,
  client: PlantClient,
  faults: string[],
  most = Number.POSITIVE_INFINITY,
): Promise<void> {
  const before = await head()
  const keys = [...client.acknowledged.keys()]
  const each = Math.max(1, Math.ceil(keys.length / most))
  const commands = keys.filter((_, i) => i % each === 0).map((key) => client.sent.get(key)!)
  for (let from = 0; from < commands.length; from += 20) {
    const some = commands.slice(from, from + 20)
    const ends = await Promise.allSettled(some.map((command) => client.again(command)))
    for (const end of ends) if (end.status === 'rejected') faults.push(`sent again: ${end.reason.message}`)
  }
  const after = await head()
  if (after !== before) faults.push(`commands sent again moved the store from position ${before} to ${after}`)
}

export async function headIn(pool: pg.Pool): Promise<bigint> {
  const { rows } = await pool.query('SELECT coalesce(max(position), 0) AS head FROM event_store.events')
  return BigInt(rows[0].head)
}

/** The read models have everything, nothing is parked, and they are what a replay makes of the events. */
export async function readModelsProved(pool: pg.Pool, http: TestHttp, faults: string[]): Promise<void> {
  const projections = await caughtUp(http)
  for (const { name, parked } of projections) {
    for (const { stream, error } of parked) faults.push(`${name}: ${stream} is parked: ${error}`)
  }
  await balanceProved(http, faults)
  for (const { name } of projections) await replayProved(pool, http, name, faults)
}

/** As the plant itself adds it up. */
export async function balanceProved(http: TestHttp, faults: string[]): Promise<void> {
  const { body } = await http.get('/api/balance')
  for (const { owner, unbalancedKg } of [...body.owners, { owner: 'the plant', ...body.plant }]) {
    if (unbalancedKg !== 0) faults.push(`the books of ${owner} are ${unbalancedKg} kg off`)
  }
}

/** A read model is what a replay makes of the events, row for row. */
export async function replayProved(pool: pg.Pool, http: TestHttp, name: string, faults: string[]): Promise<void> {
  const before = await tablesOf(pool, name)
  await rebuilt(http, name)
  const after = await tablesOf(pool, name)
  for (const [table, rows] of after) {
    const lost = before.get(table)!
    if (!isDeepStrictEqual(lost, rows))
      faults.push(`${name}.${table} is not what a replay makes of it: ${differing(lost, rows)}`)
  }
}

function differing(before: readonly string[], after: readonly string[]): string {
  const [was, is] = [new Set(before), new Set(after)]
  const some = (rows: readonly string[]) => rows.slice(0, 5).join('\n    ') || 'nothing'
  const gone = before.filter((row) => !is.has(row))
  const come = after.filter((row) => !was.has(row))
  return `${gone.length} rows became ${come.length}:\n    ${some(gone)}\n  became\n    ${some(come)}`
}
