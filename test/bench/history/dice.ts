import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Chances that fall the same way in every run with the same seed. */
export class Dice {
  readonly #generator

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed)
  }

  /** Both ends included. */
  between(least: number, most: number): number {
    return uniformInt(this.#generator, least, most)
  }

  /** Between both, in steps. */
  step(least: number, most: number, step: number): number {
    const steps = Math.round((most - least) / step)
    return Math.round((least + this.between(0, steps) * step) * 1000) / 1000
  }

  chance(percent: number): boolean {
    return this.between(1, 100) <= percent
  }

  /** The first ones more often: plants have favourites. */
  one<T>(of: readonly T[]): T {
    return of[Math.min(this.between(0, of.length - 1), this.between(0, of.length - 1))]!
  }
}
