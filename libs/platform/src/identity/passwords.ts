/** Passwords that people chose: kept as Argon2id, a few worked on at a time. */
import { hash, parseOptions, verify } from '@node-rs/argon2'
import { tryLater } from '../problems/problem.js'
import { makeSecret } from './secrets.js'

/**
 * Argon2id with 19 MiB, two passes and one lane: the least that the OWASP Password Storage Cheat Sheet (2025) advises.
 * Once raised, what was kept by less is kept anew when its owner signs in.
 */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Each takes a core and 19 MiB for some tens of milliseconds; the thread pool of Node has four places. */
const MOST_WORKED_ON = 2
/** Wait or are worked on: two seconds' work or so. */
const MOST_LET_IN = 64

export interface Match {
  readonly good: boolean
  /** It was kept at less cost than today's: to be kept anew. */
  readonly outdated: boolean
}

export class Passwords {
  #inside = 0
  #workedOn = 0
  readonly #waiting: (() => void)[] = []
  #ofNobody: Promise<string> | undefined

  /**
   * Work that needs a password hashed or compared is let in as a whole, so that what was begun can be finished.
   * @throws Problem 503 `too-many-at-the-door` when too many are inside: a flood takes neither memory nor all cores
   */
  async letIn<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    if (this.#inside >= MOST_LET_IN) {
      throw tryLater('too-many-at-the-door', 'Too many are signing in at this moment: try again in two seconds.', 2)
    }
    this.#inside++
    try {
      return await work()
    } finally {
      this.#inside--
    }
  }

  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(normal(password), COST))
  }

  /** @param kept undefined where there is no such account, or no password: that takes as long to find out */
  async matches(password: string, kept: string | undefined): Promise<Match> {
    this.#ofNobody ??= this.hash(makeSecret())
    const against = kept ?? (await this.#ofNobody)
    const good = await this.#inTurn(() => verify(against, normal(password)))
    return { good: good && kept !== undefined, outdated: isOutdated(against) }
  }

  async #inTurn<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    if (this.#workedOn >= MOST_WORKED_ON) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#workedOn++
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#workedOn--
    }
  }
}

/** One person's keyboard composes an accent, another's does not: NIST SP 800-63B-4, 3.1.1.2. */
export const normal = (password: string): string => password.normalize('NFKC')

function isOutdated(kept: string): boolean {
  const { memoryCost, timeCost, parallelism } = parseOptions(kept)
  return memoryCost < COST.memoryCost || timeCost < COST.timeCost || parallelism < COST.parallelism
}
