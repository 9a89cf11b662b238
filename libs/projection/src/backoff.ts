import { setTimeout } from 'node:timers/promises'

/** Sleeps; wakes without a complaint when the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => {})
}

/** Waits longer after each failure in a row, never for more than five seconds, and not all processes alike. */
export class Backoff {
  private failures = 0

  async wait(signal: AbortSignal): Promise<void> {
    const longest = Math.min(5_000, 100 * 2 ** this.failures)
    this.failures = Math.min(this.failures + 1, 10)
    await pause(longest * (0.5 + Math.random() / 2), signal)
  }

  reset(): void {
    this.failures = 0
  }
}
