/**
 * Access tokens: long random words, of which only hashes are kept. A token has 256 random bits, so that a plain
 * SHA-256 of it cannot be searched, and looking it up by its hash tells nothing by the time it takes.
 */
import { createHash, randomBytes } from 'node:crypto'
import type pg from 'pg'
import { ROLES, type Role } from './roles.js'

export interface AccessToken {
  readonly id: string
  readonly role: Role
  readonly name: string
}

export interface ListedToken extends AccessToken {
  readonly createdAt: Date
  readonly revokedAt: Date | null
}

export interface MadeToken extends AccessToken {
  /** The token itself: shown once, kept nowhere. */
  readonly token: string
}

const SHAPE = /^ct_[a-z-]{1,40}_[A-Za-z0-9_-]{43}$/

export const looksLikeToken = (text: string) => SHAPE.test(text)
export const hashOf = (token: string) => createHash('sha256').update(token).digest()

export class AccessTokens {
  constructor(private readonly pool: pg.Pool) {}

  /** Makes the schema and, if there never was a token, one for each role. They count only once `keep` has them. */
  async prepare(keep: (tokens: readonly MadeToken[]) => Promise<void> | void): Promise<void> {
    const client = await this.pool.connect()
    try {
      await client.query('BEGIN')
      // Several processes may start at once: one makes the tokens, the others wait and find them.
      await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('coiltrail identity', 0))`)
      await client.query(TABLES)
      const { rowCount } = await client.query('SELECT 1 FROM identity.access_token LIMIT 1')
      if (rowCount === 0) {
        const made: MadeToken[] = []
        for (const role of ROLES) made.push(await insert(client, role, role))
        // Shown before they count: a crash in between costs a second showing, not the only one.
        await keep(made)
      }
      await client.query('COMMIT')
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {})
      throw error
    } finally {
      client.release()
    }
  }

  /** Undefined when there is no such token, or it was revoked. */
  async find(hash: Buffer): Promise<AccessToken | undefined> {
    const { rows } = await this.pool.query<AccessToken>(
      'SELECT id, role, name FROM identity.access_token WHERE sha256 = $1 AND revoked_at IS NULL',
      [hash],
    )
    return rows[0]
  }

  async list(): Promise<readonly ListedToken[]> {
    const { rows } = await this.pool.query<ListedToken>(
      `SELECT id, role, name, created_at AS "createdAt", revoked_at AS "revokedAt"
       FROM identity.access_token ORDER BY created_at, name`,
    )
    return rows
  }

  make(role: Role, name: string): Promise<MadeToken> {
    return insert(this.pool, role, name)
  }

  /** True when there was such a token and it was good until now. */
  async revoke(id: string): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      'UPDATE identity.access_token SET revoked_at = now() WHERE id::text = $1 AND revoked_at IS NULL',
      [id],
    )
    return rowCount === 1
  }
}

async function insert(database: pg.Pool | pg.PoolClient, role: Role, name: string): Promise<MadeToken> {
  const token = `ct_${role}_${randomBytes(32).toString('base64url')}`
  const { rows } = await database.query<{ id: string }>(
    'INSERT INTO identity.access_token (role, name, sha256) VALUES ($1, $2, $3) RETURNING id',
    [role, name, hashOf(token)],
  )
  return { id: rows[0]!.id, role, name, token }
}

const TABLES = `
  CREATE SCHEMA IF NOT EXISTS identity;
  CREATE TABLE IF NOT EXISTS identity.access_token (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    role text NOT NULL,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    sha256 bytea NOT NULL UNIQUE CHECK (length(sha256) = 32),
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
  )`
