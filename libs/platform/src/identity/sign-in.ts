import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '../problems/problem.js'
import type { AccessLog } from './access-log.js'
import type { Passwords } from './passwords.js'
import { hashOf } from './secrets.js'
import type { Begun, Sessions, Visit } from './sessions.js'
import type { Account, Tries } from './tries.js'

/** No refusal comes sooner, so that its time does not tell whether a row was found or a fact noted. */
const REFUSED_AFTER_MS = 300

export interface Arrived extends Begun {
  readonly account: Account
}

/** By name and password, for accounts of the plant's own. */
export class SignIn {
  constructor(
    private readonly log: AccessLog,
    private readonly passwords: Passwords,
    private readonly tries: Tries,
    private readonly sessions: Sessions,
  ) {}

  /**
   * Begins a session under a new secret, and ends the one that this browser had before.
   * @param former the secret that the browser brought, if it had one
   * @throws Problem 401 `wrong-name-or-password`, whichever it is, or if the account is closed; 429 `too-many-tries`;
   *   503 `too-many-at-the-door`
   */
  async enter(name: string, password: string, visit: Omit<Visit, 'way'>, former?: string): Promise<Arrived> {
    const earliest = sleep(REFUSED_AFTER_MS, undefined, { ref: false })
    try {
      return await this.passwords.letIn(() => this.#enter(name, password, { ...visit, way: 'password' }, former))
    } catch (error) {
      await earliest
      throw error
    }
  }

  async #enter(name: string, password: string, visit: Visit, former: string | undefined): Promise<Arrived> {
    const proven = await this.tries.check(name, password, visit.address)
    if (!proven) throw wrong()
    const kept = proven.outdated ? await this.passwords.hash(password) : undefined
    const before = former && (await this.sessions.find(hashOf(former)))
    return this.log.within(async (client) => {
      if (!(await this.tries.succeeded(client, proven, kept))) throw wrong()
      if (before) await this.sessions.end(client, before, before)
      const { passwordHash: _, outdated: __, ...account } = proven
      return { account, ...(await this.sessions.begin(client, account, visit)) }
    })
  }
}

const wrong = () =>
  new Problem(401, 'wrong-name-or-password', 'The name or the password is wrong, or this account is closed.')
