import { Injectable } from '@nestjs/common'
import { type AccessToken, AccessTokens, hashOf, looksLikeToken } from './access-tokens.js'

/** How long a revoked token may still work, and an unknown one is not looked up again. */
const REMEMBERED_MS = 5_000
const MOST_REMEMBERED = 10_000

interface Remembered {
  readonly found: AccessToken | undefined
  readonly until: number
}

/** Whose token is this? Asks the database once in a while; every request in between costs one hash and one look-up. */
@Injectable()
export class Authenticator {
  readonly #remembered = new Map<string, Remembered>()

  constructor(private readonly tokens: AccessTokens) {}

  async whose(token: string): Promise<AccessToken | undefined> {
    if (!looksLikeToken(token)) return undefined
    const hash = hashOf(token)
    const key = hash.toString('base64')
    const known = this.#remembered.get(key)
    // A monotonic clock: setting the machine's time must not make a revoked token live longer.
    if (known && known.until > performance.now()) return known.found
    const found = await this.tokens.find(hash)
    this.#remembered.delete(key)
    if (this.#remembered.size >= MOST_REMEMBERED) this.#forgetOldest()
    this.#remembered.set(key, { found, until: performance.now() + REMEMBERED_MS })
    return found
  }

  #forgetOldest(): void {
    for (const key of this.#remembered.keys()) {
      this.#remembered.delete(key)
      return
    }
  }
}
