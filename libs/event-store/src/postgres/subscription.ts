import { type Position, type RecordedEvent, StoreUnavailableError } from '../event-store.js'
import { pause } from '../pause.js'
import type { LiveSignal } from './live-signal.js'

/** A page of at least this many events is history: the next one is fetched while the consumer works on it. */
const HISTORY = 500
const RETRY_MS = 250

/**
 * All events after a position: pages of history, then what comes. Commits become visible in position order (the
 * writer's lock), so that the rows behind the last one seen are always the next ones and none can come in before.
 */
export async function* followAll(
  readAfter: (position: Position) => Promise<readonly RecordedEvent[]>,
  live: LiveSignal,
  after: Position,
  signal: AbortSignal,
): AsyncIterable<readonly RecordedEvent[]> {
  let seen = after
  const look = () => ({ wakes: live.wakes, page: readAfter(seen) })
  let ahead: ReturnType<typeof look> | undefined
  while (!signal.aborted) {
    const { wakes, page } = ahead ?? look()
    ahead = undefined
    let events: readonly RecordedEvent[]
    try {
      events = await unlessAborted(page, signal)
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error
      // The server is away: ask again from where we are, until it is back or nobody wants to know.
      await pause(RETRY_MS, signal)
      continue
    }
    if (events.length === 0) {
      await live.sleep(wakes, signal)
      continue
    }
    seen = events.at(-1)!.position
    if (events.length >= HISTORY) {
      ahead = look()
      ahead.page.catch(() => {}) // taken up above, unless the consumer leaves first
    }
    yield events
  }
}

/** Nothing, at once, if the signal aborts; the page that was under way is dropped. */
function unlessAborted(
  page: Promise<readonly RecordedEvent[]>,
  signal: AbortSignal,
): Promise<readonly RecordedEvent[]> {
  return new Promise((resolve, reject) => {
    const leave = () => resolve([])
    signal.addEventListener('abort', leave, { once: true })
    page.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}
