/** What the test server has recorded: in order, at positions like the offsets of a real log, optionally in a file. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs'

export interface Proposed {
  readonly id: string
  readonly type: string
  readonly json: boolean
  readonly data: Uint8Array
  readonly metadata: Uint8Array
}

export interface Logged extends Proposed {
  readonly stream: string
  readonly revision: number
  readonly position: bigint
  /** Of 100 ns since 1970. */
  readonly ticks: bigint
}

/** As on the wire: a revision, or -1 for no stream, -2 for any, -4 for one that exists. */
export type ExpectedVersion = number

export interface Write {
  readonly stream: string
  readonly expected: ExpectedVersion
  readonly events: readonly Proposed[]
}

export type Outcome =
  | { readonly conflict: { readonly stream: string; readonly expected: number; readonly actual: number } }
  | { readonly revisions: readonly number[]; readonly position: bigint }

/** After so many appends the server writes an event of its own, as real ones do (statistics, metadata). */
const APPENDS_PER_SYSTEM_EVENT = 20

export class EventLog {
  readonly all: Logged[] = []
  readonly #streams = new Map<string, Logged[]>()
  readonly #listeners = new Set<() => void>()
  #end = 0n
  #ticks = 0n
  #appends = 0
  /** Ids since the start: a real server has a cache of them for writers who do not care for the revision. */
  readonly #recent = new Set<string>()
  #file: number | undefined

  constructor(file?: string) {
    if (file) this.#load(file)
    if (this.all.length === 0) this.#systemEvent('$settings')
  }

  stream(name: string): readonly Logged[] | undefined {
    return this.#streams.get(name)
  }

  /** All streams or none. The same events at the same place once more are not written again, but answered again. */
  append(writes: readonly Write[]): Outcome {
    const again = this.#recordedBefore(writes)
    if (again) return again
    for (const { stream, expected } of writes) {
      const actual = (this.#streams.get(stream)?.length ?? 0) - 1
      const agreed = expected === -2 || (expected === -4 ? actual >= 0 : expected === actual)
      if (!agreed) return { conflict: { stream, expected, actual } }
    }
    const written = writes.flatMap(({ stream, events }) => events.map((event) => this.#add(stream, event)))
    this.#save(written)
    if (++this.#appends % APPENDS_PER_SYSTEM_EVENT === 0) this.#systemEvent('$stats-127.0.0.1:2113')
    for (const listener of this.#listeners) listener()
    const revisions = writes.map(({ stream }) => this.#streams.get(stream)!.length - 1)
    return { revisions, position: written.at(-1)!.position }
  }

  /** What a process loses when it ends. */
  restarted(): void {
    this.#recent.clear()
  }

  /** Until the next append. */
  grown(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#listeners.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      this.#listeners.add(done)
      signal.addEventListener('abort', done)
    })
  }

  /** Index of the first event behind a position. */
  indexAfter(position: bigint): number {
    let low = 0
    let high = this.all.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.all[middle]!.position <= position) low = middle + 1
      else high = middle
    }
    return low
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
  }

  #recordedBefore(writes: readonly Write[]): Outcome | undefined {
    const places = writes.map(({ stream, expected, events }) => {
      const history = this.#streams.get(stream) ?? []
      const known = expected >= -1 || this.#recent.has(events[0]!.id)
      if (!known) return undefined
      const first = expected >= -1 ? expected + 1 : history.findLastIndex(({ id }) => id === events[0]!.id)
      const same = first >= 0 && events.every(({ id }, i) => history[first + i]?.id === id)
      return same ? history[first + events.length - 1]! : undefined
    })
    if (!places.every((place) => place !== undefined)) return undefined
    return { revisions: places.map(({ revision }) => revision), position: places.at(-1)!.position }
  }

  #add(stream: string, event: Proposed): Logged {
    const history = this.#streams.get(stream) ?? []
    this.#streams.set(stream, history)
    const position = this.#end
    this.#end += BigInt(100 + stream.length + event.data.length + event.metadata.length)
    const now = BigInt(Math.floor((performance.timeOrigin + performance.now()) * 10_000))
    if (now > this.#ticks) this.#ticks = now
    const logged = { ...event, stream, revision: history.length, position, ticks: this.#ticks }
    history.push(logged)
    this.all.push(logged)
    this.#recent.add(event.id)
    return logged
  }

  #systemEvent(stream: string): void {
    const data = Buffer.from('{}')
    this.#save([this.#add(stream, { id: crypto.randomUUID(), type: stream, json: true, data, metadata: data })])
  }

  /** On disk before it is acknowledged. One line each append, so that one that was cut off is dropped as a whole. */
  #save(written: readonly Logged[]): void {
    if (this.#file === undefined) return
    const line = written.map((event) => ({
      ...event,
      position: String(event.position),
      ticks: String(event.ticks),
      data: Buffer.from(event.data).toString('base64'),
      metadata: Buffer.from(event.metadata).toString('base64'),
    }))
    writeSync(this.#file, `${JSON.stringify(line)}\n`)
    fsyncSync(this.#file)
  }

  #load(file: string): void {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    if (whole.length < text.length) truncateSync(file, Buffer.byteLength(whole))
    for (const line of whole.split('\n').slice(0, -1)) {
      for (const saved of JSON.parse(line)) {
        const event: Logged = {
          ...saved,
          position: BigInt(saved.position),
          ticks: BigInt(saved.ticks),
          data: Buffer.from(saved.data, 'base64'),
          metadata: Buffer.from(saved.metadata, 'base64'),
        }
        const history = this.#streams.get(event.stream) ?? []
        this.#streams.set(event.stream, history)
        history.push(event)
        this.all.push(event)
        this.#end = event.position + BigInt(100 + event.stream.length + event.data.length + event.metadata.length)
        this.#ticks = event.ticks
      }
    }
    this.#file = openSync(file, 'a')
  }
}
