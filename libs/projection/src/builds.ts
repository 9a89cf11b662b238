/** The numbered builds of a projection: which one is live, which one is being filled, and how far each has come. */
import type { ClientBase, Pool, PoolClient } from 'pg'
import type { Offsets } from '#event-feed/event-feed'
import type { Position } from '#event-store/event-store'
import { ensureReaderRoles } from '#platform/read-model/roles'
import { createFunctions, guardLive, guardTables, nameLive, schemasFor } from './access.js'
import type { Projection } from './projection.js'
import { BUILDS, buildName, createIndexes, createTables, liveName, OFFSETS, PARKED, streamRevisions } from './tables.js'

export interface Build {
  readonly build: number
  readonly version: number
  readonly state: 'live' | 'building' | 'retired'
  readonly position: Position
  /** Counts the commits that changed this build's rows; whoever writes must know the present one. */
  readonly turn: number
  /** Events passed, which with the position tells how dense positions are. */
  readonly events: number
  readonly indexed: boolean
  readonly stopWanted: boolean
  readonly startedAt: Date
  readonly updatedAt: Date
}

type Queryable = Pool | ClientBase

const COLUMNS = `build, version, state, position::text AS position, turn::float8 AS turn, events::float8 AS events,
  indexed, "stopWanted", "startedAt", "updatedAt"`

/** Makes the schema and an empty first live build where there is none yet. Safe to call from many processes at once. */
export async function prepare(client: ClientBase, projection: Projection): Promise<void> {
  await ensureReaderRoles(client)
  await inTransaction(client, async () => {
    // One lock for all projections: two of them may want the same extension.
    await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('coiltrail prepare projection', 0))`)
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${projection.name}`)
    await client.query(schemasFor(projection))
    await client.query(createFunctions(projection))
    for (const extension of projection.extensions ?? []) {
      await client.query(`CREATE EXTENSION IF NOT EXISTS "${extension}" SCHEMA public`)
    }
    const name = liveName(projection, BUILDS)
    await client.query(`CREATE TABLE IF NOT EXISTS ${name} (
      build integer PRIMARY KEY, version integer NOT NULL, state text NOT NULL,
      position bigint NOT NULL DEFAULT 0, turn bigint NOT NULL DEFAULT 0, events bigint NOT NULL DEFAULT 0,
      indexed boolean NOT NULL DEFAULT false, "stopWanted" boolean NOT NULL DEFAULT false,
      "startedAt" timestamptz NOT NULL DEFAULT now(), "updatedAt" timestamptz NOT NULL DEFAULT now())`)
    await client.query(
      `CREATE UNIQUE INDEX IF NOT EXISTS builds_one_of_each ON ${name} (state) WHERE state IN ('live', 'building')`,
    )
    await client.query(`CREATE TABLE IF NOT EXISTS ${liveName(projection, OFFSETS)} (
      build integer, partition integer, "offset" bigint NOT NULL, PRIMARY KEY (build, partition))`)
    const live = await find(client, projection, 'live')
    if (live) return guardLive(client, projection, live)
    const { build } = await create(client, projection, 'live')
    for (const statement of createIndexes(projection, build)) await client.query(statement)
    await client.query(`UPDATE ${name} SET indexed = true WHERE build = ${build}`)
    await nameLive(client, projection, build)
  })
}

export async function create(client: ClientBase, projection: Projection, state: Build['state']): Promise<Build> {
  const { rows } = await client.query(
    `INSERT INTO ${liveName(projection, BUILDS)} (build, version, state)
     SELECT coalesce(max(build), 0) + 1, $1, $2 FROM ${liveName(projection, BUILDS)} RETURNING ${COLUMNS}`,
    [projection.version, state],
  )
  const build = buildFrom(rows[0])
  await client.query(createTables(projection, build.build))
  await client.query(guardTables(projection, build.build))
  return build
}

export async function find(from: Queryable, projection: Projection, state: Build['state']): Promise<Build | undefined> {
  const { rows } = await from.query(
    `SELECT ${COLUMNS} FROM ${liveName(projection, BUILDS)} WHERE state = $1 ORDER BY build LIMIT 1`,
    [state],
  )
  return rows[0] && buildFrom(rows[0])
}

/** Whoever else writes to the build waits until the transaction ends. */
export async function lock(
  client: ClientBase,
  projection: Projection,
  state: Build['state'],
): Promise<Build | undefined> {
  const builds = liveName(projection, BUILDS)
  for (;;) {
    const { rows } = await client.query(`SELECT ${COLUMNS} FROM ${builds} WHERE state = $1 FOR UPDATE`, [state])
    if (rows[0]) return buildFrom(rows[0])
    // The row found may have been swapped out while this waited for it: then another one has taken its place.
    if (!(await find(client, projection, state))) return undefined
  }
}

export async function reload(client: Queryable, projection: Projection, build: number): Promise<Build | undefined> {
  const { rows } = await client.query(`SELECT ${COLUMNS} FROM ${liveName(projection, BUILDS)} WHERE build = $1`, [
    build,
  ])
  return rows[0] && buildFrom(rows[0])
}

/** Removes the tables of builds that no query can reach any more; a reader that still holds one makes it fail. */
export async function dropRetired(client: ClientBase, projection: Projection): Promise<void> {
  for (let old = await find(client, projection, 'retired'); old; old = await find(client, projection, 'retired')) {
    const { build } = old
    await inTransaction(client, async () => {
      await client.query(`SET LOCAL lock_timeout = '1s'`)
      await discard(client, projection, build)
    })
  }
}

/** Removes a build that is not live. */
export async function discard(client: ClientBase, projection: Projection, build: number): Promise<void> {
  // By the catalogue, not by the projection: an older version had other tables.
  const { rows } = await client.query(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname = $1 AND tablename LIKE $2 ORDER BY tablename`,
    [projection.name, `%\\_\\_${build}`],
  )
  if (rows.length) await client.query(`DROP TABLE ${rows.map((row) => row.name).join(', ')}`)
  await client.query(`DELETE FROM ${liveName(projection, OFFSETS)} WHERE build = $1`, [build])
  await client.query(`DELETE FROM ${liveName(projection, BUILDS)} WHERE build = $1`, [build])
}

/** Where a broker's topic is to be read on, by partition: kept with the position that the build has. */
export async function offsetsOf(from: Queryable, projection: Projection, build: number): Promise<Offsets> {
  const { rows } = await from.query<{ partition: number; offset: string }>(
    `SELECT partition, "offset" FROM ${liveName(projection, OFFSETS)} WHERE build = $1`,
    [build],
  )
  return new Map(rows.map(({ partition, offset }) => [partition, BigInt(offset)]))
}

export async function onOneConnection<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  // A connection that is lost also rejects its query; without a listener the loss would end the process.
  const ignore = () => {}
  client.on('error', ignore)
  let broken = true
  try {
    const result = await work(client)
    broken = false
    return result
  } finally {
    client.off('error', ignore)
    client.release(broken)
  }
}

export async function inTransaction<T>(client: ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN')
  try {
    const result = await work()
    await client.query('COMMIT')
    return result
  } catch (error) {
    // If this fails too the connection is gone, and the first error says more.
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

export function bookkeeping(projection: Projection, build: number) {
  return {
    builds: liveName(projection, BUILDS),
    offsets: liveName(projection, OFFSETS),
    parked: buildName(projection, PARKED, build),
    revisions: buildName(projection, streamRevisions.name, build),
  }
}

function buildFrom(row: Record<string, unknown>): Build {
  return { ...(row as unknown as Build), position: BigInt(row.position as string) }
}
