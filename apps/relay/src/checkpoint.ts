/** How far a topic has been published, in schema `relay` of the relay's PostgreSQL: one row for each topic. */
import type pg from 'pg'
import type { Position } from '#event-store/event-store'

export interface Checkpoint {
  /** Raised by whoever takes the right to publish: what a relay of an older one says does not count any more. */
  readonly epoch: string
  /** That of the last event acknowledged by the brokers. */
  readonly position: Position
  /** From the first event to that position; an event that was sent twice is one. */
  readonly events: number
  /** How many the topic had when it was first published to. */
  readonly partitions: number | undefined
  /** Partition -> offset of an acknowledged event there, the last that is known. */
  readonly offsets: ReadonlyMap<number, bigint>
}

const MIGRATION_LOCK = 4_209_871_005

/** Runs as one transaction; relays that start at once take turns. */
const MIGRATION = `
SELECT pg_advisory_xact_lock(${MIGRATION_LOCK});
CREATE SCHEMA IF NOT EXISTS relay;
CREATE TABLE IF NOT EXISTS relay.checkpoints (
  topic text COLLATE "C" PRIMARY KEY,
  epoch bigint NOT NULL,
  position bigint NOT NULL DEFAULT 0,
  events bigint NOT NULL DEFAULT 0,
  partitions int,
  offsets jsonb NOT NULL DEFAULT '{}',
  updated_at timestamptz NOT NULL DEFAULT now()
)`

const COLUMNS = 'epoch, position, events, partitions, offsets'

export async function migrateCheckpoints(pool: pg.Pool): Promise<void> {
  await pool.query(MIGRATION)
}

export async function readCheckpoint(on: pg.Pool | pg.ClientBase, topic: string): Promise<Checkpoint | undefined> {
  const { rows } = await on.query<Row>(`SELECT ${COLUMNS} FROM relay.checkpoints WHERE topic = $1`, [topic])
  return rows[0] && checkpointOf(rows[0])
}

export async function raiseEpoch(on: pg.ClientBase, topic: string): Promise<Checkpoint> {
  const { rows } = await on.query<Row>(
    `INSERT INTO relay.checkpoints AS kept (topic, epoch) VALUES ($1, 1)
     ON CONFLICT (topic) DO UPDATE SET epoch = kept.epoch + 1, updated_at = now() RETURNING ${COLUMNS}`,
    [topic],
  )
  return checkpointOf(rows[0]!)
}

/** @returns false, and nothing is changed, if the row is not where `from` says any more */
export async function replaceCheckpoint(
  on: pg.ClientBase,
  topic: string,
  from: Checkpoint,
  to: Checkpoint,
): Promise<boolean> {
  const { rowCount } = await on.query({
    name: 'coiltrail_relay_checkpoint',
    text: `UPDATE relay.checkpoints SET position = $4, events = $5, partitions = $6, offsets = $7, updated_at = now()
           WHERE topic = $1 AND epoch = $2 AND position = $3`,
    values: [
      topic,
      from.epoch,
      from.position.toString(),
      to.position.toString(),
      to.events,
      to.partitions ?? null,
      JSON.stringify(Object.fromEntries([...to.offsets].map(([partition, offset]) => [partition, offset.toString()]))),
    ],
  })
  return rowCount === 1
}

interface Row {
  readonly epoch: string
  readonly position: string
  readonly events: string
  readonly partitions: number | null
  readonly offsets: Readonly<Record<string, string>>
}

function checkpointOf({ epoch, position, events, partitions, offsets }: Row): Checkpoint {
  return {
    epoch,
    position: BigInt(position),
    events: Number(events),
    partitions: partitions ?? undefined,
    offsets: new Map(Object.entries(offsets).map(([partition, offset]) => [Number(partition), BigInt(offset)])),
  }
}
