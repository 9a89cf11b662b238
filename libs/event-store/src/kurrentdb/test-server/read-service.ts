/** Streams.Read of the first API: pages of one stream, pages of all, and the subscription to all. */
import type { handleServerStreamingCall, ServerWritableStream } from '@grpc/grpc-js'
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js'
import type { ReadReq, ReadResp } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js'
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js'
import type { Conduct } from './conduct.js'
import type { EventLog, Logged } from './event-log.js'
import { accessDenied, invalid, invalidPosition, noLeader, notLeader, type Refusal } from './refusals.js'

type Call = ServerWritableStream<ReadReq, ReadResp>
type Options = ReadReq.Options
const { Options } = streams.ReadReq
const DEFAULT_WINDOW = 32

export function readService(log: EventLog, conduct: Conduct): handleServerStreamingCall<ReadReq, ReadResp> {
  return (call) => {
    void answer(call, log, conduct).then(
      (refusal) => (refusal ? call.emit('error', refusal) : call.end()),
      (error: Error) => call.destroy(error),
    )
  }
}

async function answer(call: Call, log: EventLog, conduct: Conduct): Promise<Refusal | undefined> {
  await conduct.awake()
  if (!conduct.allows(call.metadata)) return accessDenied()
  const leaderOnly = call.metadata.get('requires-leader')[0] === 'true'
  if (leaderOnly && conduct.leader !== undefined) return conduct.leader ? notLeader(conduct.leader) : noLeader()
  const options = call.request.getOptions()!
  if (options.hasStream()) return readStream(call, options, log)
  return options.hasSubscription() ? followAll(call, options, log, conduct) : readAll(call, options, log)
}

async function readStream(call: Call, options: Options, log: EventLog): Promise<Refusal | undefined> {
  if (options.hasSubscription()) return invalid('this test server has no subscriptions to one stream')
  const where = options.getStream()!
  const name = Buffer.from(where.getStreamIdentifier()!.getStreamName_asU8()).toString()
  const history = log.stream(name)
  if (!history) {
    const missing = new streams.ReadResp()
    missing.setStreamNotFound(new streams.ReadResp.StreamNotFound().setStreamIdentifier(where.getStreamIdentifier()))
    await send(call, missing)
    return undefined
  }
  const count = Number(options.getCount())
  const last = history.length - 1
  const from = where.hasStart() ? 0 : where.hasEnd() ? last : Number(where.getRevision())
  const page = backwards(options)
    ? history.slice(Math.max(0, from + 1 - count), from + 1).toReversed()
    : history.slice(from, from + count)
  for (const event of page) if (!(await send(call, messageOf(event)))) break
  return undefined
}

async function readAll(call: Call, options: Options, log: EventLog): Promise<Refusal | undefined> {
  const where = options.getAll()!
  const passes = filterOf(options)
  const place = where.getPosition()
  // Forwards the position is that of the first event wanted, backwards that behind the first.
  const start = place ? log.indexAfter(BigInt(place.getCommitPosition()) - 1n) : where.hasEnd() ? log.all.length : 0
  const wanted = backwards(options) ? log.all.slice(0, start).toReversed() : log.all.slice(start)
  let left = Number(options.getCount())
  for (const event of wanted) {
    if (left === 0) break
    if (!passes(event)) continue
    left--
    if (!(await send(call, messageOf(event)))) break
  }
  return undefined
}

async function followAll(call: Call, options: Options, log: EventLog, conduct: Conduct): Promise<Refusal | undefined> {
  const where = options.getAll()!
  const passes = filterOf(options)
  const filter = options.getFilter()
  const interval =
    (filter?.hasMax() ? filter.getMax() : DEFAULT_WINDOW) * (filter?.getCheckpointintervalmultiplier() ?? 1)
  let next = where.hasStart() ? 0 : log.all.length
  const place = where.getPosition()
  if (place) {
    const after = BigInt(place.getCommitPosition())
    next = log.indexAfter(after)
    const beyond = after > (log.all.at(-1)?.position ?? 0n)
    if (!beyond && log.all[next - 1]?.position !== after) return invalidPosition()
  }
  const left = new AbortController()
  call.on('cancelled', () => left.abort())
  call.on('close', () => left.abort())
  const confirmation = new streams.ReadResp.SubscriptionConfirmation()
  confirmation.setSubscriptionId(crypto.randomUUID())
  await send(call, new streams.ReadResp().setConfirmation(confirmation))
  let live = false
  let considered = 0
  while (!left.signal.aborted) {
    await conduct.awake()
    const event = log.all[next]
    if (!event) {
      if (!live) {
        const last = log.all[next - 1]
        if (filter && last) await send(call, checkpointAt(last))
        await send(call, new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp()))
        live = true
        if (next < log.all.length) continue
      }
      await log.grown(left.signal)
      continue
    }
    next++
    conduct.considered++
    if (passes(event)) await send(call, messageOf(event))
    if (filter && ++considered % interval === 0) await send(call, checkpointAt(event))
  }
  return undefined
}

function backwards(options: Options): boolean {
  return options.getReadDirection() === Options.ReadDirection.BACKWARDS
}

function filterOf(options: Options): (event: Logged) => boolean {
  const filter = options.getFilter()
  if (!filter) return () => true
  const onStream = filter.getStreamIdentifier()
  const expression = onStream ?? filter.getEventType()!
  const regex = expression.getRegex() ? new RegExp(expression.getRegex()) : undefined
  const prefixes = expression.getPrefixList()
  return ({ stream, type }) => {
    const name = onStream ? stream : type
    return regex ? regex.test(name) : prefixes.some((prefix) => name.startsWith(prefix))
  }
}

function messageOf(event: Logged): ReadResp {
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent()
  const id = new shared.UUID()
  id.setString(event.id)
  recorded.setId(id)
  const name = new shared.StreamIdentifier()
  name.setStreamName(Buffer.from(event.stream))
  recorded.setStreamIdentifier(name)
  recorded.setStreamRevision(String(event.revision))
  recorded.setCommitPosition(String(event.position))
  recorded.setPreparePosition(String(event.position))
  const properties = recorded.getMetadataMap()
  properties.set('type', event.type)
  properties.set('created', String(event.ticks))
  properties.set('content-type', event.json ? 'application/json' : 'application/octet-stream')
  recorded.setData(event.data)
  recorded.setCustomMetadata(event.metadata)
  const read = new streams.ReadResp.ReadEvent()
  read.setEvent(recorded)
  read.setCommitPosition(String(event.position))
  return new streams.ReadResp().setEvent(read)
}

function checkpointAt({ position }: Logged): ReadResp {
  const checkpoint = new streams.ReadResp.Checkpoint()
  checkpoint.setCommitPosition(String(position))
  checkpoint.setPreparePosition(String(position))
  return new streams.ReadResp().setCheckpoint(checkpoint)
}

/** Waits for a slow reader. @returns whether there is still one */
function send(call: Call, message: ReadResp): Promise<boolean> | boolean {
  if (call.cancelled || call.destroyed) return false
  if (call.write(message)) return true
  return new Promise((resolve) => {
    const done = () => {
      for (const name of ['drain', 'cancelled', 'close']) call.off(name, done)
      resolve(!call.cancelled)
    }
    for (const name of ['drain', 'cancelled', 'close']) call.on(name, done)
  })
}
