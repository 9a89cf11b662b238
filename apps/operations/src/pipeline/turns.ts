/**
 * Who lost a race for a stream queues for it in this process, so that a hundred callers after one bay
 * each get their turn instead of beating each other again and again.
 */
export class Turns {
  readonly #last = new Map<string, Promise<void>>()

  /** Waits until all before are through; call what it gives when done. */
  async take(name: string): Promise<() => void> {
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
