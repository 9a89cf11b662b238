/** What every suite needs: the server, databases of its own, contenders, and turns among them. */
import { type TestDatabase, testDatabase } from '../support/postgres.js'
import { type Contender, startContender } from './contender.js'
import { childrenOf } from './history/big-family.js'
import type { Options } from './options.js'
import { medianOf, type Rate } from './rate.js'
import type { Results } from './results.js'

export interface Turn {
  readonly who: string
  /** Several rates where several things are measured of the same calls. */
  run(seconds: number): Promise<Rate | readonly Rate[]>
}

export class Bench {
  readonly #closing: (() => Promise<unknown>)[] = []
  #closed = false
  #plant: Promise<TestDatabase> | undefined

  constructor(
    readonly options: Options,
    readonly results: Results,
  ) {}

  database(): Promise<TestDatabase> {
    return this.open(testDatabase, (database) => database.drop())
  }

  /** The history of a plant of `--coils` coils, loaded once; its projections are built by whoever needs them. */
  plant(): Promise<TestDatabase> {
    this.#plant ??= this.load(this.options.coils)
    return this.#plant
  }

  /** The history of a plant of so many coils, in a database of its own. */
  async load(coils: number): Promise<TestDatabase> {
    const database = await this.database()
    const loader = await this.contender('coiltrail-rebuild', database.url)
    const { perSecond } = await loader.ask('load', { coils, children: childrenOf(coils) })
    await loader.stop()
    const { rows } = await database.pool.query('SELECT count(*)::int AS events FROM event_store.events')
    const count = (number: number) => number.toLocaleString('en')
    this.say(`Loaded ${count(rows[0].events)} events of ${count(coils)} coils, ${count(perSecond)} a second`)
    await database.pool.query('VACUUM ANALYZE event_store.events')
    return database
  }

  /** In a process of its own. `name` is that of its module in `contenders/`. */
  contender(name: string, databaseUrl: string): Promise<Contender> {
    // The same ending as ours: .ts from source, .js once compiled.
    const module = new URL(`./contenders/${name}${import.meta.filename.slice(-3)}`, import.meta.url)
    return this.open(
      () => startContender(module, { databaseUrl, nodeOptions: this.profiling }),
      (contender) => contender.stop(),
    )
  }

  get profiling(): readonly string[] {
    return this.options.profile ? ['--cpu-prof', `--cpu-prof-dir=${this.options.profile}`] : []
  }

  /**
   * Everyone in turn, several times, the order reversed each time: what the machine does meanwhile hits all alike. The
   * first turn warms up and does not count. `what` names each of the rates that a turn answers with.
   */
  async takeTurns(
    what: string | readonly string[],
    unit: string,
    turns: readonly Turn[],
    { warmUp = true, rounds = this.options.rounds } = {},
  ): Promise<void> {
    const { seconds } = this.options
    const rates = new Map<string, (readonly Rate[])[]>(turns.map(({ who }) => [who, []]))
    if (warmUp) for (const turn of turns) await turn.run(seconds)
    for (let round = 0; round < rounds; round++) {
      const order = round % 2 ? turns.toReversed() : turns
      for (const turn of order) rates.get(turn.who)!.push([await turn.run(seconds)].flat())
    }
    for (const [i, name] of [what].flat().entries()) {
      const medians = turns.map(({ who }) => ({ who, rate: medianOf(rates.get(who)!.map((ofRound) => ofRound[i]!)) }))
      for (const { who, rate } of medians) this.results.add(name, who, unit, rate, rounds)
      const spoken = medians.map(({ who, rate }) => `${who} ${rate.perSecond.toLocaleString('en')}/s`)
      this.say(`${name}: ${spoken.join(', ')}`)
    }
  }

  /** Progress, where the table is not: stdout is for that alone. */
  say(sentence: string): void {
    process.stderr.write(`${sentence}\n`)
  }

  /** Whatever must be ended is opened by this, so that it is, however early somebody stops the benchmark. */
  open<Opened>(begin: () => Promise<Opened>, end: (opened: Opened) => Promise<unknown>): Promise<Opened> {
    if (this.#closed) throw new Error('The benchmark was stopped.')
    const opening = begin()
    // What could not be opened need not be ended.
    this.#closing.push(() => opening.then(end, () => {}))
    return opening
  }

  /** Everything that was opened, the last first; one that fails does not keep the others. */
  async close(): Promise<void> {
    this.#closed = true
    for (let step = this.#closing.pop(); step; step = this.#closing.pop()) {
      await step().catch((error: unknown) => this.say(`Cleaning up: ${(error as Error).message}`))
    }
  }
}
