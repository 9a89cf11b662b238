/** The one stop watch of all benchmarks. */

export interface Load {
  /** How many callers there are, each waiting for its answer before it asks again. */
  readonly inFlight: number
  readonly seconds: number
}

export interface Rate {
  readonly perSecond: number
  /** Milliseconds that one call took; null where only the whole was timed. */
  readonly p50: number | null
  readonly p99: number | null
}

/** Calls `work` for so long, so many at once. `each`: how many things one call does. */
export async function rateOf(work: () => Promise<unknown>, { inFlight, seconds }: Load, each = 1): Promise<Rate> {
  const waits: number[] = []
  const begun = performance.now()
  const until = begun + seconds * 1000
  const caller = async () => {
    for (let now = performance.now(); now < until; ) {
      await work()
      const then = performance.now()
      waits.push(then - now)
      now = then
    }
  }
  await Promise.all(Array.from({ length: inFlight }, caller))
  return rateFrom(waits, (performance.now() - begun) / 1000, each)
}

/** @param waits milliseconds that each call took, in any order */
export function rateFrom(waits: readonly number[], seconds: number, each = 1): Rate {
  const sorted = waits.toSorted((a, b) => a - b)
  const percentile = (share: number) => Math.round(sorted[Math.floor(sorted.length * share)]! * 100) / 100
  return { perSecond: Math.round((sorted.length * each) / seconds), p50: percentile(0.5), p99: percentile(0.99) }
}

/** Each number by itself: one round may have the best median and the worst tail. */
export function medianOf(rates: readonly Rate[]): Rate {
  const median = (values: readonly number[]) => {
    const sorted = values.toSorted((a, b) => a - b)
    const middle = sorted.length >> 1
    const value = sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
    return Math.round(value * 100) / 100
  }
  const wait = (which: 'p50' | 'p99') => {
    const known = rates.map((rate) => rate[which]).filter((value) => value !== null)
    return known.length > 0 ? median(known) : null
  }
  return { perSecond: Math.round(median(rates.map((rate) => rate.perSecond))), p50: wait('p50'), p99: wait('p99') }
}

/** Of something that is done once: how many things it did, and so how many a second. */
export async function once(work: () => Promise<number>): Promise<Rate> {
  const begun = performance.now()
  const count = await work()
  const perSecond = Math.round(count / ((performance.now() - begun) / 1000))
  return { perSecond, p50: null, p99: null }
}
