/** The questions that are asked of KurrentDB: a page of one stream, and of all events: from the end, from here, and on. */
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js'
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js'
import { type Position, type Revision, START } from '../event-store.js'

type ReadReq = InstanceType<typeof streams.ReadReq>
type Options = InstanceType<typeof streams.ReadReq.Options>

/** Names of streams begin with one of these; where there is none, any that is not the server's own (`$...`). */
export type Prefixes = readonly string[]

/**
 * How many events of others the server passes over before it looks up and tells where it is: without it, a
 * subscription that breaks off among others' events would pass over them again.
 */
const SEARCH_WINDOW = 1_000
const WINDOWS_PER_CHECKPOINT = 5

export function streamPage(stream: string, from: Revision, count: number): ReadReq {
  const where = new streams.ReadReq.Options.StreamOptions()
  where.setStreamIdentifier(named(stream))
  where.setRevision(String(from))
  return ask(count, (options) => options.setStream(where))
}

/** Backwards, before a revision or from the end. */
export function streamPageBefore(stream: string, before: Revision | 'end', count: number): ReadReq {
  const where = new streams.ReadReq.Options.StreamOptions()
  where.setStreamIdentifier(named(stream))
  if (before === 'end') where.setEnd(new shared.Empty())
  else where.setRevision(String(before - 1))
  return ask(count, (options) => options.setStream(where).setReadDirection(BACKWARDS))
}

/** Newest first, without end: to be cancelled. */
export function allBackwards(prefixes: Prefixes): ReadReq {
  const where = new streams.ReadReq.Options.AllOptions()
  where.setEnd(new shared.Empty())
  return ask(Number.MAX_SAFE_INTEGER, (options) =>
    options.setAll(where).setReadDirection(BACKWARDS).setFilter(filterOf(prefixes)),
  )
}

/** So many of all streams, the event at the position being the first. */
export function allFrom(position: Position, count: number): ReadReq {
  const where = new streams.ReadReq.Options.AllOptions()
  where.setPosition(placeOf(position))
  return ask(count, (options) => options.setAll(where).setFilter(filterOf([])))
}

export function allAfter(position: Position, prefixes: Prefixes): ReadReq {
  const where = new streams.ReadReq.Options.AllOptions()
  if (position === START) where.setStart(new shared.Empty())
  else where.setPosition(placeOf(position))
  return ask('live', (options) => options.setAll(where).setFilter(filterOf(prefixes)))
}

const BACKWARDS = streams.ReadReq.Options.ReadDirection.BACKWARDS

function ask(count: number | 'live', where: (options: Options) => Options): ReadReq {
  const options = new streams.ReadReq.Options()
  const ids = new streams.ReadReq.Options.UUIDOption()
  ids.setString(new shared.Empty())
  options.setUuidOption(ids)
  options.setNoFilter(new shared.Empty())
  if (count === 'live') options.setSubscription(new streams.ReadReq.Options.SubscriptionOptions())
  else options.setCount(String(count))
  const request = new streams.ReadReq()
  request.setOptions(where(options))
  return request
}

function placeOf(position: Position) {
  const place = new streams.ReadReq.Options.Position()
  place.setCommitPosition(String(position))
  place.setPreparePosition(String(position))
  return place
}

function named(stream: string) {
  const name = new shared.StreamIdentifier()
  name.setStreamName(Buffer.from(stream, 'utf8'))
  return name
}

function filterOf(prefixes: Prefixes) {
  const names = new streams.ReadReq.Options.FilterOptions.Expression()
  if (prefixes.length > 0) names.setPrefixList([...prefixes])
  else names.setRegex('^[^$]')
  const filter = new streams.ReadReq.Options.FilterOptions()
  filter.setStreamIdentifier(names)
  filter.setMax(SEARCH_WINDOW)
  filter.setCheckpointintervalmultiplier(WINDOWS_PER_CHECKPOINT)
  return filter
}
