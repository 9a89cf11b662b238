/** How many follow the changes at once: few enough that each is told at once, and nobody takes the room of all others. */
import type { Actor } from '#platform/identity/roles'
import { Problem, tryLater } from '#platform/problems/problem'

const MOST = 200
const MOST_OF_ONE = 50
const AGAIN_S = 30

export class Listeners {
  #all = 0
  readonly #ofOne = new Map<string, number>()

  /**
   * Call what it gives when they leave.
   * @throws Problem 503 `too-many-listeners`, 429 `too-many-listeners-of-one`
   */
  enter({ id, name }: Actor): () => void {
    const own = this.#ofOne.get(id) ?? 0
    if (own >= MOST_OF_ONE) {
      const detail = `${name} listens to changes ${MOST_OF_ONE} times already: close some.`
      throw new Problem(429, 'too-many-listeners-of-one', detail, { headers: { 'Retry-After': String(AGAIN_S) } })
    }
    if (this.#all >= MOST) throw tryLater('too-many-listeners', `${MOST} clients listen to changes already.`, AGAIN_S)
    this.#all++
    this.#ofOne.set(id, own + 1)
    return () => {
      this.#all--
      const left = this.#ofOne.get(id)! - 1
      if (left > 0) this.#ofOne.set(id, left)
      else this.#ofOne.delete(id)
    }
  }
}
