/** Who signed in, and until when: a secret in a cookie, of which only the hash is kept. */
import type pg from 'pg'
import { type AccessLog, note } from './access-log.js'
import type { Actor, Rights } from './roles.js'
import { hashOf, makeSecret } from './secrets.js'
import { withoutNulls } from './tables.js'

/** Whoever comes back after so long must sign in again: longer than a shift. */
export const IDLE_HOURS = 12
/** However busy a session is, it ends after so long. */
export const LONGEST_DAYS = 7

export type Way = 'password' | 'provider' | 'invitation'

export interface Visit {
  readonly way: Way
  /** IP address. */
  readonly address: string
  /** The browser's own words about itself. */
  readonly agent: string
}

export interface SignedIn extends Rights {
  readonly session: string
  readonly account: string
  readonly name: string
}

export interface ListedSession extends Visit {
  readonly session: string
  readonly account: string
  readonly name: string
  readonly createdAt: Date
  readonly seenAt: Date
}

export interface Begun {
  readonly session: string
  /** For the cookie: shown once, kept nowhere. */
  readonly secret: string
}

const GOOD = `s.ended_at IS NULL AND a.closed_at IS NULL
  AND s.seen_at > now() - interval '${IDLE_HOURS} hours' AND s.created_at > now() - interval '${LONGEST_DAYS} days'`

export class Sessions {
  private readonly pool: pg.Pool

  constructor(log: AccessLog) {
    this.pool = log.pool
  }

  /** Begins one, within the transaction that found out who it is. */
  async begin(client: pg.PoolClient, account: Rights & { id: string; name: string }, visit: Visit): Promise<Begun> {
    const secret = makeSecret()
    const { rows } = await client.query<{ id: string }>(
      `INSERT INTO identity.session (account, sha256, way, address, agent) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
      [account.id, hashOf(secret), visit.way, visit.address, visit.agent.slice(0, 300)],
    )
    const session = rows[0]!.id
    const { id, name, role, partner } = account
    const fact = { account: id, name, session, by: visit.way, address: visit.address }
    await note(client, { type: 'SignedIn', data: fact }, { kind: 'person', id, name, role, partner, source: 'ui' })
    return { session, secret }
  }

  /** Undefined when there is no such session, it is over, or the account was closed. Rights are those of now. */
  async find(hash: Buffer): Promise<SignedIn | undefined> {
    const { rows } = await this.pool.query<SignedIn>(
      `SELECT s.id AS session, a.id AS account, a.name, a.role, a.partner
       FROM identity.session s JOIN identity.account a ON a.id = s.account WHERE s.sha256 = $1 AND ${GOOD}`,
      [hash],
    )
    const [found] = rows.map(withoutNulls)
    if (found) {
      await this.pool.query(
        `UPDATE identity.session SET seen_at = now() WHERE id = $1 AND seen_at < now() - interval '1 minute'`,
        [found.session],
      )
    }
    return found
  }

  /** Undefined when it is over. */
  async rights(session: string): Promise<Rights | undefined> {
    const { rows } = await this.pool.query<Rights>(
      `SELECT a.role, a.partner FROM identity.session s JOIN identity.account a ON a.id = s.account
       WHERE s.id = $1 AND ${GOOD}`,
      [session],
    )
    return rows.map(withoutNulls)[0]
  }

  /** Those that are good now, the latest first: of one account, or of all. */
  async list(account?: string): Promise<readonly ListedSession[]> {
    const { rows } = await this.pool.query<ListedSession>(
      `SELECT s.id AS session, a.id AS account, a.name, s.way, s.address, s.agent,
         s.created_at AS "createdAt", s.seen_at AS "seenAt"
       FROM identity.session s JOIN identity.account a ON a.id = s.account
       WHERE ${GOOD} AND ($1::text IS NULL OR a.id::text = $1) ORDER BY s.created_at DESC, s.id`,
      [account ?? null],
    )
    return rows
  }

  /**
   * Ends sessions of an account: one, or all but one. Answers how many that were; 0 when there was none to end.
   * They stop working within seconds in every process, at once in this one's cookies.
   */
  async end(client: pg.PoolClient, which: EndedSessions, by: Pick<Actor, 'name'> & Partial<Actor>): Promise<number> {
    const { rows } = await client.query<{ session: string; account: string; name: string }>(
      `UPDATE identity.session s SET ended_at = now() FROM identity.account a
       WHERE a.id = s.account AND s.ended_at IS NULL AND a.id::text = $1
         AND ($2::text IS NULL OR s.id::text = $2) AND ($3::text IS NULL OR s.id::text <> $3)
       RETURNING s.id AS session, a.id AS account, a.name`,
      [which.account, which.session ?? null, which.butNot ?? null],
    )
    for (const ended of rows) {
      await note(client, { type: 'SessionEnded', data: { ...ended, by: by.name } }, by as Actor)
    }
    return rows.length
  }
}

export interface EndedSessions {
  readonly account: string
  readonly session?: string
  readonly butNot?: string
}
