/**
 * Tells all subscribers of one store instance that there may be something new: from this process's own appends at
 * once, from others through one LISTEN connection. It only wakes; what there is, each reads for itself, so that a
 * lost notification costs time and nothing else.
 */
import pg from 'pg'
import type { Position } from '../event-store.js'
import { CHANNEL } from './schema.js'

/** A notification can be lost with its connection: look anyway, this often. */
const POLL_MS = 1_000
const RECONNECT_MS = 250

export class LiveSignal {
  #latest: Position = 0n
  #wakes = 0
  readonly #sleepers = new Set<() => void>()
  #subscribers = 0
  #client: pg.Client | undefined
  #reconnect: NodeJS.Timeout | undefined

  constructor(private readonly settings: pg.PoolOptions) {}

  /** The LISTEN connection lives as long as somebody subscribes. */
  enter(): void {
    if (++this.#subscribers === 1) void this.#listen()
  }

  leave(): void {
    if (--this.#subscribers === 0) this.close()
  }

  /** Even while a reader that is busy with its last batch has not noticed the end yet. */
  close(): void {
    clearTimeout(this.#reconnect)
    this.#client?.end().catch(() => {})
    this.#client = undefined
  }

  recorded(head: Position): void {
    if (head <= this.#latest) return
    this.#latest = head
    this.#wakeAll()
  }

  /** To be taken before looking: `sleep` then misses nothing that came after the look. */
  get wakes(): number {
    return this.#wakes
  }

  /** Until there was a wake after `wakes`, or it is time to look anyway, or the signal aborts. */
  sleep(wakes: number, signal: AbortSignal): Promise<void> {
    if (this.#wakes > wakes || signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(poll)
        this.#sleepers.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      const poll = setTimeout(wake, POLL_MS)
      this.#sleepers.add(wake)
      signal.addEventListener('abort', wake)
    })
  }

  #wakeAll(): void {
    this.#wakes++
    for (const wake of [...this.#sleepers]) wake()
  }

  async #listen(): Promise<void> {
    const client = new pg.Client({
      ...this.settings,
      password: this.settings.password, // pg hides it from the spread
      application_name: 'coiltrail listener',
      keepAlive: true,
      connectionTimeoutMillis: 3_000,
    })
    this.#client = client
    client.on('notification', ({ payload }) => this.recorded(BigInt(payload ?? 0)))
    client.on('error', () => this.#lost(client))
    client.on('end', () => this.#lost(client))
    try {
      await client.connect()
      await client.query(`LISTEN ${CHANNEL}`)
      // What was recorded before LISTEN took effect was announced to nobody here.
      this.#wakeAll()
    } catch {
      this.#lost(client)
    }
  }

  #lost(client: pg.Client): void {
    if (this.#client !== client) return
    this.#client = undefined
    client.end().catch(() => {})
    this.#reconnect = setTimeout(() => void this.#listen(), RECONNECT_MS)
  }
}
