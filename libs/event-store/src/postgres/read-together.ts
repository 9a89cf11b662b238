/**
 * Callers that ask for streams at the same time are answered by one statement: the fixed cost of a round trip, several
 * times that of finding a coil's few events, is paid once. Measured with callers asking for three short streams each:
 * 37,000 answers/s instead of 10,000 with 20 callers, 80,000 instead of 10,500 with 100, and no slower with one.
 */
import type { RecordedEvent, StreamRead } from '../event-store.js'

export interface PlacedEvent {
  /** Which of the streams asked for, from 0. */
  readonly place: number
  readonly event: RecordedEvent
}

/** Bounds a statement; a single caller may ask for more. */
const MOST_STREAMS = 1_000
/**
 * Who asks while a statement is under way waits for the next one, so that many go together. Measured with 20 commands
 * in flight: with three statements at once, half as many commands shared one, at a quarter more work for each.
 */
const LONG_MS = 50
/** One that takes longer than that holds up nobody: so many may be under way then. */
const MOST_AT_ONCE = 3

type Found = ReadonlyMap<string, readonly RecordedEvent[]>

interface Asking {
  readonly reads: readonly StreamRead[]
  readonly resolve: (found: Found) => void
  readonly reject: (error: unknown) => void
}

export class ReadTogether {
  #waiting: Asking[] = []
  #underWay = 0
  /** The statement that others wait for. */
  #awaited: Promise<void> | undefined

  constructor(private readonly ask: (reads: readonly StreamRead[]) => Promise<readonly PlacedEvent[]>) {}

  read(reads: readonly StreamRead[]): Promise<Found> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ reads, resolve, reject })
      // Requests that came in the same turn of the event loop ask one after another: they shall go together.
      if (this.#waiting.length === 1) setImmediate(() => this.#next())
    })
  }

  #next(): void {
    if (this.#awaited || this.#underWay === MOST_AT_ONCE || this.#waiting.length === 0) return
    const answered = answer(this.#take(), this.ask)
    const goOn = () => {
      if (this.#awaited === answered) this.#awaited = undefined
      this.#next()
    }
    const long = setTimeout(goOn, LONG_MS)
    this.#awaited = answered
    this.#underWay++
    void answered.finally(() => {
      clearTimeout(long)
      this.#underWay--
      goOn()
    })
  }

  #take(): Asking[] {
    let streams = 0
    let count = 0
    for (const { reads } of this.#waiting) {
      streams += reads.length
      if (count > 0 && streams > MOST_STREAMS) break
      count++
    }
    return this.#waiting.splice(0, count)
  }
}

async function answer(
  together: readonly Asking[],
  ask: (reads: readonly StreamRead[]) => Promise<readonly PlacedEvent[]>,
): Promise<void> {
  try {
    // Many ask for what is new in the same busy bay: that is fetched once.
    const places = new Map<string, number>()
    const asked: StreamRead[] = []
    const placeOf = (read: StreamRead) => {
      const key = `${read.from ?? 0} ${read.stream}`
      const known = places.get(key)
      if (known !== undefined) return known
      places.set(key, asked.length)
      return asked.push(read) - 1
    }
    const placesOf = together.map(({ reads }) => reads.map(placeOf))
    const histories: RecordedEvent[][] = asked.map(() => [])
    for (const { place, event } of await ask(asked)) histories[place]!.push(event)
    together.forEach(({ reads, resolve }, i) => {
      resolve(new Map(reads.map(({ stream }, n) => [stream, histories[placesOf[i]![n]!]!])))
    })
  } catch (error) {
    for (const { reject } of together) reject(error)
  }
}
