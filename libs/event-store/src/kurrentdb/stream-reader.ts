/** Reads of one stream, page by page, always from the leader. */
import type { ReadReq, ReadResp } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js'
import { type Position, type RecordedEvent, type Revision, StoreUnavailableError } from '../event-store.js'
import type { Connection } from './connection.js'
import { faultOf, unavailable } from './errors.js'
import { eventOf } from './event-message.js'
import { allBackwards, allFrom, type Prefixes, streamPage, streamPageBefore } from './read-requests.js'

const PAGE = 500
/** The server may have to pass over everything that others have written since our last event. */
const SEARCH_MS = 60_000

export class StreamReader {
  constructor(
    private readonly connection: Connection,
    /** Aborts when the store is closed: an answer that is still waited for would come at its deadline only. */
    private readonly closing: AbortSignal,
  ) {}

  async *read(stream: string, from: Revision): AsyncIterable<RecordedEvent> {
    let next = from
    while (true) {
      const events = await this.page(stream, next, PAGE)
      yield* events
      if (events.length < PAGE) return
      next += PAGE
    }
  }

  async page(stream: string, from: Revision, count: number, within?: number): Promise<readonly RecordedEvent[]> {
    const messages = await this.#ask(streamPage(stream, from, count), within)
    const events = messages.filter((message) => message.hasEvent()).map((message) => ownEvent(stream, message))
    for (const [i, { revision }] of events.entries()) {
      if (revision !== from + i) {
        throw new Error(`stream ${stream} has no event ${from + i}: somebody has truncated or deleted it in KurrentDB`)
      }
    }
    return events
  }

  /** Newest first. */
  async pageBefore(stream: string, before: Revision | 'end', within?: number): Promise<readonly RecordedEvent[]> {
    const messages = await this.#ask(streamPageBefore(stream, before, PAGE), within)
    return messages.filter((message) => message.hasEvent()).map((message) => ownEvent(stream, message))
  }

  /** So many events of all streams from this one on, those of others among them. */
  async following(first: Position, count: number, within?: number): Promise<readonly RecordedEvent[]> {
    const messages = await this.#ask(allFrom(first, count), within)
    return messages.flatMap((message) => eventOf(message) ?? [])
  }

  /** The last event that a subscription would give. */
  async last(prefixes: Prefixes): Promise<RecordedEvent | undefined> {
    const message = (await this.#ask(allBackwards(prefixes), SEARCH_MS, isOurs)).at(-1)
    return message && eventOf(message)
  }

  /** Asked again once if the leader has moved: the client has learnt from the refusal where it is now. */
  async #ask(request: ReadReq, within?: number, enough?: (message: ReadResp) => boolean): Promise<readonly ReadResp[]> {
    try {
      return await this.#gather(request, within, enough)
    } catch (error) {
      if (faultOf(error) !== 'not-leader') throw readFault(error)
    }
    return this.#gather(request, within, enough).catch((error) => {
      throw readFault(error)
    })
  }

  async #gather(
    request: ReadReq,
    within?: number,
    enough?: (message: ReadResp) => boolean,
  ): Promise<readonly ReadResp[]> {
    const { closing } = this
    return new Promise((resolve, reject) => {
      const messages: ReadResp[] = []
      let call: Awaited<ReturnType<Connection['read']>> | undefined
      const settled = () => closing.removeEventListener('abort', closed)
      const closed = () => {
        reject(new StoreUnavailableError('the event store is closed'))
        call?.cancel()
      }
      const answered = () => {
        settled()
        resolve(messages)
      }
      const failed = (error: unknown) => {
        settled()
        reject(error)
      }
      closing.addEventListener('abort', closed)
      if (closing.aborted) closed()
      this.connection.read(request, { leader: true, within }).then((begun) => {
        call = begun
        call.on('error', failed)
        call.on('end', answered)
        call.on('data', (message: ReadResp) => {
          messages.push(message)
          if (!enough?.(message)) return
          answered()
          begun.cancel()
        })
        if (closing.aborted) call.cancel()
      }, failed)
    })
  }
}

function isOurs(message: ReadResp): boolean {
  return eventOf(message) !== undefined
}

function ownEvent(stream: string, message: ReadResp): RecordedEvent {
  const event = eventOf(message)
  if (event) return event
  const revision = message.getEvent()?.getEvent()?.getStreamRevision()
  throw new Error(`event ${revision} of stream ${stream} was not written by Coiltrail: it is a link, or no JSON object`)
}

function readFault(error: unknown): unknown {
  return faultOf(error) === 'refused' ? error : unavailable('the event store cannot answer', error)
}
