/** Statements that read events, and their rows as events. */
import type pg from 'pg'
import type { Position, RecordedEvent, Revision } from '../event-store.js'

/** A page is bounded in events and, as stored, in bytes: large events shall not fill the memory. */
export const PAGE_EVENTS = 5_000
const PAGE_BYTES = 16_000_000

const COLUMNS = 'position, stream, revision, id, type, data, metadata, extract(epoch FROM recorded_at) AS seconds'

/** The first row of a page comes always, however large. */
const page = (where: string, order: string) => `
SELECT ${COLUMNS} FROM (
  SELECT *, sum(pg_column_size(data) + pg_column_size(metadata)) OVER (ORDER BY ${order}) AS bytes,
    row_number() OVER (ORDER BY ${order}) AS n
  FROM (SELECT * FROM event_store.events WHERE ${where} ORDER BY ${order} LIMIT ${PAGE_EVENTS}) AS part
) AS sized WHERE bytes <= ${PAGE_BYTES} OR n = 1 ORDER BY ${order}`

const AFTER_POSITION = page('position > $1', 'position')
const OF_STREAM = page('stream = $1 AND revision >= $2', 'revision')

const OF_STREAMS = `
SELECT ${COLUMNS} FROM unnest($1::text[], $2::int[]) WITH ORDINALITY AS wanted (name, first, n)
CROSS JOIN LATERAL (
  SELECT * FROM event_store.events WHERE stream = wanted.name AND revision >= wanted.first ORDER BY revision
) AS history ORDER BY wanted.n, revision`

export async function readAfter(pool: pg.Pool, position: Position): Promise<RecordedEvent[]> {
  return eventsOf(await pool.query(asText('coiltrail_after', AFTER_POSITION, [position])))
}

export async function readStreamPage(pool: pg.Pool, stream: string, from: Revision): Promise<RecordedEvent[]> {
  return eventsOf(await pool.query(asText('coiltrail_stream', OF_STREAM, [stream, from])))
}

export async function readStreams(pool: pg.Pool, streams: Buffer, from: string): Promise<RecordedEvent[]> {
  return eventsOf(await pool.query(asText('coiltrail_streams', OF_STREAMS, [streams, from])))
}

type Row = [string, string, string, string, string, string, string, string]

/** pg's own parsers, found by type for each column, take longer than all the rest of reading an event. */
const TEXT = { getTypeParser: () => (text: string) => text }

function asText(name: string, text: string, values: unknown[]): pg.QueryArrayConfig {
  return { name, text, values, rowMode: 'array', types: TEXT as unknown as pg.CustomTypesConfig }
}

function eventsOf({ rows }: pg.QueryArrayResult<unknown[]>): RecordedEvent[] {
  return (rows as Row[]).map(([position, stream, revision, id, type, data, metadata, seconds]) => ({
    id,
    stream,
    revision: Number(revision),
    position: BigInt(position),
    type,
    data: JSON.parse(data),
    metadata: JSON.parse(metadata),
    recordedAt: new Date(Math.round(Number(seconds) * 1000)),
  }))
}
