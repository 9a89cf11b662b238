/** How many events a second were published over the last ten seconds. */
export class Speed {
  private readonly counts: { at: number; events: number }[] = []
  private total = 0

  /** Since this process started. */
  get published(): number {
    return this.total
  }

  /** @param now milliseconds of any clock that does not go back */
  count(events: number, now: number): void {
    this.total += events
    this.counts.push({ at: now, events })
    this.forget(now)
  }

  eventsPerSecond(now: number): number {
    this.forget(now)
    return Math.round(this.counts.reduce((sum, { events }) => sum + events, 0) / (WINDOW_MS / 1000))
  }

  private forget(now: number): void {
    const young = this.counts.findIndex(({ at }) => at > now - WINDOW_MS)
    this.counts.splice(0, young < 0 ? this.counts.length : young)
  }
}

const WINDOW_MS = 10_000
