/**
 * Who lost a race for a stream queues for it in this process, and while anybody queues, all others do: so that a
 * hundred callers after one bay each get their turn, instead of beating each other, or those who wait, again and again.
 */
export class Turns {
  readonly #last = new Map<string, Promise<void>>()

  /** Somebody has the turn or waits for it. */
  areQueuedFor(name: string): boolean {
    return this.#last.has(name)
  }

  /**
   * Waits until all before are through, at each of these; call what it gives when done. The names are taken in one order
   * by everybody, so that no two ever wait for each other.
   */
  async take(names: Iterable<string>): Promise<() => void> {
    const taken: (() => void)[] = []
    for (const name of [...names].sort()) taken.push(await this.#takeOne(name))
    return () => {
      for (const pass of taken) pass()
    }
  }

  async #takeOne(name: string): Promise<() => void> {
    const before = this.#last.get(name)
    const { promise, resolve } = Promise.withResolvers<void>()
    const mine = before ? before.then(() => promise) : promise
    this.#last.set(name, mine)
    await before
    return () => {
      if (this.#last.get(name) === mine) this.#last.delete(name)
      resolve()
    }
  }
}

/** Others queue for these streams: do the same, then decide again. */
export class QueueFirst extends Error {
  override readonly name = 'QueueFirst'
  constructor(readonly streams: readonly string[]) {
    super(`others wait for ${streams.join(', ')}`)
  }
}
