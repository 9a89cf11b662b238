import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Chance that can be had again: the same seed gives the same choices in the same order. */
export class Chance {
  readonly #generator

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed)
  }

  /** Chance of its own for one part of the work, so that parts may run in any order. */
  static of(seed: number, part: number): Chance {
    return new Chance(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(part + 1, 0x85ebca6b))
  }

  /** A whole number, both ends included. */
  int(from: number, to: number): number {
    return uniformInt(this.#generator, from, to)
  }

  /** A number with so many decimals. */
  decimal(from: number, to: number, decimals: number): number {
    return Number((from + uniformFloat64(this.#generator) * (to - from)).toFixed(decimals))
  }

  /** True in so many of a hundred cases. */
  percent(percent: number): boolean {
    return uniformFloat64(this.#generator) * 100 < percent
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.int(0, items.length - 1)]!
  }

  /** A UUID-shaped key: the same seed sends the same command under the same key. */
  key(): string {
    const hex = () => this.int(0, 0xffff).toString(16).padStart(4, '0')
    return `${hex()}${hex()}-${hex()}-4${hex().slice(1)}-8${hex().slice(1)}-${hex()}${hex()}${hex()}`
  }
}
