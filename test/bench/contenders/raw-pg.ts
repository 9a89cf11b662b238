/** What PostgreSQL itself takes of the same events, with no event store around it: nobody can be faster than this. */
import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { coilReceived } from '../append.js'
import { contend } from '../contender.js'
import { type Load, rateOf } from '../rate.js'

const TABLE = `
CREATE TABLE IF NOT EXISTS raw_events (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream text COLLATE "C" NOT NULL, revision int NOT NULL,
  id uuid NOT NULL UNIQUE, type text NOT NULL, data json NOT NULL, metadata json NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now(), UNIQUE (stream, revision))`

const UNNEST = {
  name: 'unnest',
  text: `INSERT INTO raw_events (stream, revision, id, type, data, metadata)
    SELECT stream, 0, id, type, data::json, metadata::json
    FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[]) AS e (stream, id, type, data, metadata)`,
}

contend(async (connectionString) => {
  const client = new pg.Client({ connectionString })
  await client.connect()
  await client.query(TABLE)
  const run = `${process.pid}-${Date.now()}`
  let next = 0
  const batch = (rows: number) =>
    Array.from({ length: rows }, () => {
      const stream = `coil-${run}-${next++}`
      const { type, data, metadata } = coilReceived(stream)
      return [stream, randomUUID(), type, JSON.stringify(data), JSON.stringify(metadata)] as const
    })
  return {
    tasks: {
      unnest: ({ events, ...load }: Load & { events: number }) =>
        rateOf(
          () => {
            const rows = batch(events)
            return client.query({ ...UNNEST, values: [0, 1, 2, 3, 4].map((column) => rows.map((row) => row[column]!)) })
          },
          load,
          events,
        ),
      copy: ({ events, ...load }: Load & { events: number }) =>
        rateOf(
          () => {
            const lines = batch(events).map(([stream, ...rest]) => `${[stream, '0', ...rest].join('\t')}\n`)
            const into = client.query(
              copyFrom('COPY raw_events (stream, revision, id, type, data, metadata) FROM STDIN'),
            )
            return pipeline(Readable.from(lines.join('')), into)
          },
          load,
          events,
        ),
    },
    close: () => client.end(),
  }
})
