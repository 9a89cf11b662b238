/** Statements that read events, and their rows as events. */
import type pg from 'pg'
import type { Position, RecordedEvent, Revision, StreamRead } from '../event-store.js'
import type { PlacedEvent } from './read-together.js'
import { plainArray, textArray } from './text-array.js'

/** Of a page: large events shall not fill the memory. */
const MOST_EVENTS = 5_000
const MOST_BYTES = 16_000_000

const COLUMNS = 'position, stream, revision, id, type, data, metadata, extract(epoch FROM recorded_at)'
const AFTER = `SELECT ${COLUMNS} FROM event_store.after($1, ${MOST_EVENTS}, ${MOST_BYTES})`
const OF_STREAM = `SELECT ${COLUMNS} FROM event_store.of_stream($1, $2, ${MOST_EVENTS}, ${MOST_BYTES})`
const OF_STREAMS = `SELECT ${COLUMNS}, place FROM event_store.of_streams($1, $2)`

export async function readAfter(pool: pg.Pool, position: Position): Promise<RecordedEvent[]> {
  return eventsOf(await pool.query(asText('coiltrail_after', AFTER, [position])))
}

export async function readStreamPage(pool: pg.Pool, stream: string, from: Revision): Promise<RecordedEvent[]> {
  return eventsOf(await pool.query(asText('coiltrail_of_stream', OF_STREAM, [stream, from])))
}

/** @returns with each event the place, from 0, of the read that it answers */
export async function readStreams(pool: pg.Pool, reads: readonly StreamRead[]): Promise<PlacedEvent[]> {
  const values = [textArray(reads.map(({ stream }) => stream)), plainArray(reads.map(({ from = 0 }) => from))]
  const { rows } = await pool.query(asText('coiltrail_of_streams', OF_STREAMS, values))
  return (rows as [...Row, string][]).map((row) => ({ place: Number(row[8]) - 1, event: eventOf(row) }))
}

type Row = [string, string, string, string, string, string, string, string]

/** pg's own parsers, found by type for each column, take longer than all the rest of reading an event. */
const TEXT = { getTypeParser: () => (text: string) => text }

function asText(name: string, text: string, values: unknown[]): pg.QueryArrayConfig {
  return { name, text, values, rowMode: 'array', types: TEXT as unknown as pg.CustomTypesConfig }
}

function eventsOf({ rows }: pg.QueryArrayResult<unknown[]>): RecordedEvent[] {
  return (rows as Row[]).map(eventOf)
}

function eventOf([position, stream, revision, id, type, data, metadata, seconds]:
  | Row
  | [...Row, string]): RecordedEvent {
  return {
    id,
    stream,
    revision: Number(revision),
    position: BigInt(position),
    type,
    data: JSON.parse(data),
    metadata: JSON.parse(metadata),
    recordedAt: new Date(Math.round(Number(seconds) * 1000)),
  }
}
