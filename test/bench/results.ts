/** What was measured, what it should have been, and what was not run. */
import type { Rate } from './rate.js'

export const OURS = 'Coiltrail'
export const EMMETT = 'emmett'
/** Where it was made faster by its options: without these. */
export const EMMETT_AS_IT_COMES = 'emmett, as it comes'
/** By way of Kafka, every app a process of its own. */
export const DISTRIBUTED = 'Coiltrail, distributed'
export const THREE_REPLICAS = 'Coiltrail, distributed, three replicas'
export const ON_KURRENTDB = 'Coiltrail, distributed on KurrentDB'

export interface Result extends Rate {
  /** What was done, e.g. `append, 20 in flight`: the same words for everyone who did it. */
  readonly what: string
  readonly who: string
  /** What one is counted in: `events`, `commands`, `searches`. */
  readonly unit: string
  readonly rounds: number
}

export interface NotRun {
  readonly what: string
  readonly who: string
  readonly why: string
}

export interface Verdict {
  readonly what: string
  readonly wanted: string
  readonly measured: string
  readonly met: boolean
}

/** `who` is `OURS` where it is left out. */
type Target = { readonly what: string; readonly who?: string } & (
  | { readonly times: number; readonly against: string }
  | { readonly p99Below: number }
  | { readonly perSecond: number }
)

/** From the product's design: what it must reach on two cores and a normal disk. */
const TARGETS: readonly Target[] = [
  { what: 'append, 20 in flight', times: 4, against: EMMETT },
  { what: 'inspect a coil, 20 in flight', times: 1, against: EMMETT },
  { what: 'inspect a coil, 100 in flight', times: 1, against: EMMETT },
  { what: 'inspect a coil, 100 in flight', perSecond: 3_000 },
  { what: 'rebuild a simple projection', times: 50, against: EMMETT_AS_IT_COMES },
  { what: 'rebuild a simple projection', times: 50, against: EMMETT },
  { what: 'rebuild the inventory', perSecond: 100_000 },
  { what: 'rebuild the throughput', perSecond: 100_000 },
  { what: 'search stock, one at a time', p99Below: 20 },
  { what: 'search stock with facets, one at a time', p99Below: 20 },
  { what: 'genealogy, 10,100 descendants', p99Below: 1_000 },
  { what: 'publish to Kafka', perSecond: 15_000 },
  ...[1, 20].flatMap((inFlight): Target[] => {
    const what = `command until it is seen, ${inFlight} in flight`
    const byKafka = [DISTRIBUTED, THREE_REPLICAS, ON_KURRENTDB]
    return [{ what, p99Below: 50 }, ...byKafka.map((who) => ({ what, who, p99Below: 200 }))]
  }),
]

export class Results {
  readonly all: Result[] = []
  readonly notRun: NotRun[] = []

  add(what: string, who: string, unit: string, rate: Rate, rounds: number): void {
    this.all.push({ what, who, unit, rounds, ...rate })
  }

  /** Only of what was measured, by all who are compared. */
  verdicts(): Verdict[] {
    return TARGETS.flatMap((target) => {
      const { who = OURS } = target
      const ours = this.of(target.what, who)
      const verdict = ours && this.verdict(target, ours)
      const what = who === OURS ? target.what : `${target.what}, ${who}`
      return verdict ? [{ what, ...verdict }] : []
    })
  }

  private verdict(target: Target, ours: Result): Omit<Verdict, 'what'> | undefined {
    if ('p99Below' in target) {
      const { p99Below } = target
      return { wanted: `p99 below ${p99Below} ms`, measured: `${ours.p99} ms`, met: ours.p99! < p99Below }
    }
    if ('perSecond' in target) {
      const perSecond = (count: number) => `${count.toLocaleString('en')}/s`
      return {
        wanted: perSecond(target.perSecond),
        measured: perSecond(ours.perSecond),
        met: ours.perSecond >= target.perSecond,
      }
    }
    const { times, against } = target
    const theirs = this.of(target.what, against)
    if (!theirs) return undefined
    const measured = ours.perSecond / theirs.perSecond
    return { wanted: `${times} times ${against}`, measured: `${measured.toFixed(1)} times`, met: measured >= times }
  }

  of(what: string, who: string): Result | undefined {
    return this.all.find((result) => result.what === what && result.who === who)
  }
}
