/**
 * The tables and functions of the store, schema `event_store`.
 *
 * `data` and `metadata` are `json`, not `jsonb`: json keeps the text as it came (order of keys, the spelling of
 * numbers, `\u0000`, which jsonb refuses), so a hash over it holds for ever; and it was the faster one to append,
 * by 10 % at 20 in flight and 15 % at 100. Nobody searches in it: that is what read models are for.
 *
 * Names are compared as bytes (collation "C"): faster, and no upgrade of the operating system's locales can
 * break the index that keeps revisions unique.
 */

/** Advisory lock of the one writer section; held from before the revisions are checked until the commit is visible. */
const WRITER_LOCK = 4_209_871_001
const MIGRATION_LOCK = 4_209_871_002
/** The one constraint that a caller can break by what it appends. */
export const ID_ONCE = 'events_id_once'
export const CHANNEL = 'coiltrail_event_store'

/** The next events in order, bounded in number and, as stored, in bytes; the first comes always, however large. */
const page = (which: string, order: 'position' | 'revision') => `
    SELECT sized.position, sized.stream, sized.revision, sized.id, sized.type, sized.data, sized.metadata,
      sized.recorded_at
    FROM (
      SELECT part.*, row_number() OVER next AS n,
        sum(pg_column_size(part.data) + pg_column_size(part.metadata)) OVER next AS bytes
      FROM (SELECT e.* FROM event_store.events e WHERE ${which} ORDER BY e.${order} LIMIT most) AS part
      WINDOW next AS (ORDER BY part.${order} ROWS UNBOUNDED PRECEDING)
    ) AS sized WHERE sized.bytes <= most_bytes OR sized.n = 1 ORDER BY sized.${order}`

/** Runs as one transaction. Changes nothing where it has run before; processes that start at once take turns. */
export const MIGRATION = `
SELECT pg_advisory_xact_lock(${MIGRATION_LOCK});
CREATE SCHEMA IF NOT EXISTS event_store;

CREATE TABLE IF NOT EXISTS event_store.events (
  position bigint PRIMARY KEY,
  stream text COLLATE "C" NOT NULL,
  revision int NOT NULL,
  id uuid NOT NULL CONSTRAINT ${ID_ONCE} UNIQUE,
  type text NOT NULL,
  data json NOT NULL,
  metadata json NOT NULL,
  recorded_at timestamptz(3) NOT NULL,
  CONSTRAINT events_revision_once UNIQUE (stream, revision)
);

CREATE OR REPLACE FUNCTION event_store.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'events are never changed: % on event_store.events is refused', TG_OP USING ERRCODE = '42501';
END $$;

CREATE OR REPLACE TRIGGER events_are_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON event_store.events
  FOR EACH STATEMENT EXECUTE FUNCTION event_store.refuse_change();

-- Last revision of each stream, -1 where there is no such stream. Takes the writer's lock first: what it
-- answers stays true until the transaction ends.
CREATE OR REPLACE FUNCTION event_store.lock_and_look(streams text[]) RETURNS int[] LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(${WRITER_LOCK});
  RETURN (
    SELECT coalesce(array_agg(coalesce(last.revision, -1) ORDER BY asked.n), '{}')
    FROM unnest(streams) WITH ORDINALITY AS asked (stream, n)
    LEFT JOIN LATERAL (
      SELECT e.revision FROM event_store.events e
      WHERE e.stream = asked.stream ORDER BY e.revision DESC LIMIT 1
    ) last ON true
  );
END $$;

-- Writes a batch, provided that every stream is where the caller presumes it to be (null: wherever it is);
-- otherwise writes nothing and answers where the streams are. place_of and step_of say, for each event, its
-- stream's place in streams (1 for the first) and how far behind the stream's present last revision it goes.
CREATE OR REPLACE FUNCTION event_store.append(
  streams text[], presumed int[], place_of int[], step_of int[], ids uuid[], types text[], data text[],
  metadata text[], OUT written boolean, OUT head bigint, OUT recorded_ms bigint, OUT actual int[]
) LANGUAGE plpgsql AS $$
DECLARE
  now_ms timestamptz;
BEGIN
  actual := event_store.lock_and_look(streams);
  written := NOT EXISTS (SELECT FROM unnest(presumed, actual) AS stream (presumed, actual)
                         WHERE stream.presumed <> stream.actual);
  IF NOT written THEN RETURN; END IF;
  SELECT e.position, e.recorded_at INTO head, now_ms FROM event_store.events e ORDER BY e.position DESC LIMIT 1;
  head := coalesce(head, 0);
  -- A server's clock can be set back; the order of events cannot.
  now_ms := greatest(now_ms, date_trunc('milliseconds', clock_timestamp()));
  recorded_ms := extract(epoch FROM now_ms) * 1000;
  INSERT INTO event_store.events (position, stream, revision, id, type, data, metadata, recorded_at)
  SELECT head + e.n, streams[e.place], actual[e.place] + e.step, e.id, e.type, e.data::json, e.metadata::json, now_ms
  FROM unnest(place_of, step_of, ids, types, data, metadata)
    WITH ORDINALITY AS e (place, step, id, type, data, metadata, n);
  PERFORM pg_notify('${CHANNEL}', (head + cardinality(place_of))::text);
END $$;

-- Reading is in functions for the sake of their settings: a connection keeps the plan of a statement, and one made
-- while the table was small would scan and sort it whole for ever after. Measured on 300,000 events that came in
-- within the minute that autovacuum takes to notice: 150 ms to read a stream of one event, 0.5 ms this way.
CREATE OR REPLACE FUNCTION event_store.after(seen bigint, most int, most_bytes int)
  RETURNS SETOF event_store.events LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off AS $$
BEGIN
  RETURN QUERY ${page('e.position > seen', 'position')};
END $$;

CREATE OR REPLACE FUNCTION event_store.of_stream(name text, first int, most int, most_bytes int)
  RETURNS SETOF event_store.events LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off AS $$
BEGIN
  RETURN QUERY ${page('e.stream = name AND e.revision >= first', 'revision')};
END $$;

-- place says which of the names an event is for: the same stream may be asked for twice.
CREATE OR REPLACE FUNCTION event_store.of_streams(names text[], firsts int[])
  RETURNS TABLE (place int, "position" bigint, stream text, revision int, id uuid, type text, data json,
    metadata json, recorded_at timestamptz)
  LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    SELECT wanted.n::int, history.* FROM unnest(names, firsts) WITH ORDINALITY AS wanted (name, first, n)
    CROSS JOIN LATERAL (
      SELECT e.position, e.stream, e.revision, e.id, e.type, e.data, e.metadata, e.recorded_at
      FROM event_store.events e WHERE e.stream = wanted.name AND e.revision >= wanted.first
      ORDER BY e.revision
    ) AS history ORDER BY wanted.n, history.revision;
END $$;
`
