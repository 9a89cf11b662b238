/** Tries of a password. Whoever fails must wait before the next one, longer each time: nobody is locked out for good. */
import { LRUCache } from 'lru-cache'
import type pg from 'pg'
import type { AccessEvent } from '#domain/access/events'
import { Problem } from '../problems/problem.js'
import { type AccessLog, note } from './access-log.js'
import type { Passwords } from './passwords.js'
import type { Rights } from './roles.js'
import { withoutNulls } from './tables.js'

/** So many wrong ones in a row cost no wait; the next waits 1 s, and each further one twice as long. */
const FREE_TRIES = 3
const LONGEST_WAIT_S = 15 * 60
/** Names that nobody has are kept waiting as well, so many of them; who tries more meets the limit of the address. */
const MOST_UNKNOWN = 10_000

export interface Account extends Rights {
  readonly id: string
  readonly name: string
}

/** The password was this account's own when it was looked at. */
export interface Proven extends Account {
  /** As kept then. */
  readonly passwordHash: string
  /** It is to be kept anew. */
  readonly outdated: boolean
}

type Why = Extract<AccessEvent, { type: 'SignInRefused' }>['data']['why']

interface Claimed extends Account {
  readonly passwordHash?: string
  readonly closedAt?: Date
}

/** Seconds to wait after so many failures in a row, the last one counted. */
const waitAfter = (failures: number): number =>
  failures < FREE_TRIES ? 0 : Math.min(2 ** (failures - FREE_TRIES), LONGEST_WAIT_S)
/** The same, in the statement that counts: only 20 failures matter, lest the power overflow. */
const WAIT = `CASE WHEN failures + 1 < ${FREE_TRIES} THEN NULL
  ELSE now() + interval '1 second' * least(power(2, least(failures, 20) + 1 - ${FREE_TRIES}), ${LONGEST_WAIT_S}) END`

export class Tries {
  private readonly pool: pg.Pool
  readonly #unknown = new LRUCache<string, { failures: number; until: number }>({ max: MOST_UNKNOWN })

  constructor(
    private readonly log: AccessLog,
    private readonly passwords: Passwords,
  ) {
    this.pool = log.pool
  }

  /**
   * Undefined when the password is not that of an open account of this name; a name that nobody has is answered and kept
   * waiting in the same way. The try counts as failed until `succeeded` says otherwise, so that of a hundred at once
   * only the first three are looked at.
   * @throws Problem 429 `too-many-tries` with Retry-After in seconds, whatever the password
   */
  async check(name: string, password: string, address: string): Promise<Proven | undefined> {
    const called = name.normalize()
    const account = (await this.#claim(called)) ?? (await this.#refuseIfWaiting(called, address))
    const { good, outdated } = await this.passwords.matches(password, account?.passwordHash)
    if (!account) return undefined
    const { passwordHash, closedAt, ...whose } = account
    if (good && passwordHash !== undefined && !closedAt) return { ...whose, passwordHash, outdated }
    await this.refused(whose, good ? 'closed' : 'wrong-password', address)
    return undefined
  }

  /**
   * Ends the count of failures. False when the password was changed or the account closed meanwhile.
   * @param kept by what the password is kept from now on
   */
  async succeeded(client: pg.PoolClient, { id, passwordHash }: Proven, kept = passwordHash): Promise<boolean> {
    const { rowCount } = await client.query(
      `UPDATE identity.account SET failures = 0, wait_until = NULL, wait_told = false, password_hash = $3
       WHERE id = $1 AND password_hash = $2 AND closed_at IS NULL`,
      [id, passwordHash, kept],
    )
    return rowCount === 1
  }

  async refused({ id, name }: Account, why: Why, address: string): Promise<void> {
    await this.log.within((client) =>
      note(client, { type: 'SignInRefused', data: { account: id, name, why, address } }),
    )
  }

  /** Undefined when there is no such account, or it must wait. */
  async #claim(name: string): Promise<Claimed | undefined> {
    const { rows } = await this.pool.query<Claimed>(
      `UPDATE identity.account SET failures = failures + 1, wait_until = ${WAIT}, wait_told = false
       WHERE lower(name) = lower($1) AND (wait_until IS NULL OR wait_until <= now())
       RETURNING id, name, role, partner, password_hash AS "passwordHash", closed_at AS "closedAt"`,
      [name],
    )
    return rows.map(withoutNulls)[0]
  }

  async #refuseIfWaiting(name: string, address: string): Promise<undefined> {
    const { rows } = await this.pool.query<Account & { seconds: number }>(
      `SELECT id, name, greatest(1, ceil(extract(epoch FROM wait_until - now())))::int AS seconds
       FROM identity.account WHERE lower(name) = lower($1)`,
      [name],
    )
    const [account] = rows
    if (!account) return this.#claimUnknown(name.toLowerCase())
    const { rowCount } = await this.pool.query(
      'UPDATE identity.account SET wait_told = true WHERE id = $1 AND wait_until > now() AND NOT wait_told',
      [account.id],
    )
    // Once for each wait: who goes on knocking does not fill the store with it.
    if (rowCount) await this.refused(account, 'too-many-tries', address)
    throw tooManyTries(account.seconds)
  }

  #claimUnknown(name: string): undefined {
    const known = this.#unknown.get(name)
    const wait = known ? (known.until - performance.now()) / 1_000 : 0
    if (wait > 0) throw tooManyTries(Math.ceil(wait))
    const failures = (known?.failures ?? 0) + 1
    this.#unknown.set(name, { failures, until: performance.now() + waitAfter(failures) * 1_000 })
  }
}

function tooManyTries(seconds: number): Problem {
  const detail = `The password was wrong too often: wait ${seconds} s before the next try.`
  return new Problem(429, 'too-many-tries', detail, {
    values: { waitSeconds: seconds },
    headers: { 'Retry-After': String(seconds) },
  })
}
