import { setTimeout as sleep } from 'node:timers/promises'

/** Time in the simulated plant: runs ahead of, with, or at a multiple of the real one, and never past it. */
export class PlantTime {
  readonly #begun = Date.now()

  constructor(
    readonly from: Date,
    /** Simulated seconds per real one; Infinity to wait for nothing. */
    private readonly speed: number,
    private readonly signal: AbortSignal,
  ) {}

  /** Waits until the plant's time has come to this instant. */
  async until(instant: Date): Promise<void> {
    const real = this.#begun + (instant.getTime() - this.from.getTime()) / this.speed
    const wait = Math.min(real - Date.now(), 2 ** 31 - 1)
    if (wait > 0) await sleep(wait, undefined, { signal: this.signal })
  }
}

/** The watch of one crew: each thing that they do takes its time. */
export class Watch {
  #at: number

  constructor(
    from: Date,
    private readonly latest: () => number,
  ) {
    this.#at = from.getTime()
  }

  /** So many minutes later; never later than now, since nothing is told before it happens. */
  after(minutes: number): Date {
    this.#at = Math.min(this.#at + minutes * 60_000, this.latest())
    return new Date(this.#at)
  }

  now(): Date {
    return new Date(Math.min(this.#at, this.latest()))
  }
}
