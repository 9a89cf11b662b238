/** Keys for programs: scanners, scales, an ERP. Shown once when made, limited to what they are for, revocable. */
import type pg from 'pg'
import type { KeyScope } from '#domain/access/events'
import { type AccessLog, note } from './access-log.js'
import { requireNameFree } from './names.js'
import { type Actor, type Rights, type Scope, STAFF } from './roles.js'
import { hashOf, makeSecret, SECRET_SHAPE } from './secrets.js'
import { prepareIdentity, withoutNulls } from './tables.js'

export interface ApiKey extends Rights {
  readonly id: string
  readonly name: string
  readonly scope: Scope
  /** The account of the person who made it, or the key by which it was made. */
  readonly madeBy?: string
  readonly expiresAt?: Date
}

export interface ListedKey extends ApiKey {
  readonly createdAt: Date
  readonly lastUsedAt?: Date
  readonly revokedAt?: Date
}

export interface KeyWish extends Rights {
  readonly name: string
  readonly scope?: Scope
  readonly expiresAt?: Date
}

export interface MadeKey extends ApiKey {
  /** The key itself: shown once, kept nowhere. Begins with `ct_<role>_`, so that one that was lost is told at sight. */
  readonly token: string
}

const SHAPE = new RegExp(`^ct_[a-z-]{1,40}_${SECRET_SHAPE}$`)
export const looksLikeKey = (text: string): boolean => SHAPE.test(text)

export class ApiKeys {
  private readonly pool: pg.Pool

  constructor(private readonly log: AccessLog) {
    this.pool = log.pool
  }

  /**
   * Makes the tables and, if there never was a key and programs wait for some, one for each role of the plant's own.
   * They count only once `keep` has them.
   */
  async prepare(keep?: (keys: readonly MadeKey[]) => Promise<void> | void): Promise<void> {
    await prepareIdentity(this.pool, async (client) => {
      if (!keep) return
      const { rowCount } = await client.query('SELECT 1 FROM identity.api_key LIMIT 1')
      if (rowCount) return
      const made: MadeKey[] = []
      for (const role of STAFF) made.push(await insert(client, { name: role, role }))
      // Shown before they count: a crash in between costs a second showing, not the only one.
      await keep(made)
    })
  }

  /** Undefined when there is no such key, or it was revoked or is over. */
  async find(hash: Buffer): Promise<ApiKey | undefined> {
    const { rows } = await this.pool.query<ApiKey>(
      `SELECT ${KEY} FROM identity.api_key
       WHERE sha256 = $1 AND ${GOOD}`,
      [hash],
    )
    const [key] = rows.map(withoutNulls)
    if (key) await this.#noteUse(key.id)
    return key
  }

  /** Undefined when it was revoked or is over. */
  async rights(id: string): Promise<Rights | undefined> {
    const { rows } = await this.pool.query<Rights>(
      `SELECT role, partner FROM identity.api_key WHERE id = $1 AND ${GOOD}`,
      [id],
    )
    return rows.map(withoutNulls)[0]
  }

  async list(): Promise<readonly ListedKey[]> {
    const { rows } = await this.pool.query<ListedKey>(
      `SELECT ${KEY}, created_at AS "createdAt", last_used_at AS "lastUsedAt", revoked_at AS "revokedAt"
       FROM identity.api_key ORDER BY created_at, name`,
    )
    return rows.map(withoutNulls)
  }

  /** Good still, of all that this person made, also by keys of theirs. */
  async madeBy(account: string): Promise<readonly { readonly id: string; readonly name: string }[]> {
    const { rows } = await this.pool.query<{ id: string; name: string }>(
      `SELECT id, name FROM identity.api_key WHERE made_by = $1 AND ${GOOD} ORDER BY name`,
      [account],
    )
    return rows
  }

  /**
   * @param by who makes it; nobody at the command line
   * @throws Problem 422 `name-taken` when an account or a key in use has this name
   */
  make(wish: KeyWish, by?: Actor): Promise<MadeKey> {
    return this.log.within((client) => insert(client, wish, by))
  }

  /** True when there was such a key and it was good until now. It stops working within seconds in every process. */
  revoke(id: string, reason: string, by?: Actor): Promise<boolean> {
    return this.log.within(async (client) => {
      const { rows } = await client.query<{ name: string; id: string }>(
        'UPDATE identity.api_key SET revoked_at = now() WHERE id::text = $1 AND revoked_at IS NULL RETURNING id, name',
        [id],
      )
      const [key] = rows
      if (!key) return false
      const fact = { key: key.id, name: key.name, reason, ...(by && { by: by.name }) }
      await note(client, { type: 'ApiKeyRevoked', data: fact }, by)
      return true
    })
  }

  /** As precise as anybody needs to know, so that a busy key is not written down with every request. */
  async #noteUse(id: string): Promise<void> {
    await this.pool.query(
      `UPDATE identity.api_key SET last_used_at = now()
       WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
      [id],
    )
  }
}

const GOOD = 'revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())'
const KEY = `id, name, role, partner, scope, made_by AS "madeBy", expires_at AS "expiresAt"`

async function insert(client: pg.PoolClient, wish: KeyWish, by?: Actor): Promise<MadeKey> {
  const { role, partner, scope = {}, expiresAt } = wish
  const name = wish.name.normalize()
  await requireNameFree(client, name)
  const token = `ct_${role}_${makeSecret()}`
  // By a key of one's own one is no second person either.
  const madeBy = by?.kind === 'person' ? by.id : by?.madeBy
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO identity.api_key (role, name, sha256, partner, scope, expires_at, made_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
    [role, name, hashOf(token), partner, scope, expiresAt, madeBy],
  )
  const { id } = rows[0]!
  const until = expiresAt && { expiresAt: expiresAt.toISOString() }
  const fact = { key: id, name, role, ...(partner && { partner }), scope: scope as KeyScope, ...until }
  await note(client, { type: 'ApiKeyMade', data: { ...fact, ...(by && { by: by.name }) } }, by)
  return {
    id,
    name,
    role,
    scope,
    token,
    ...(partner && { partner }),
    ...(madeBy && { madeBy }),
    ...(expiresAt && { expiresAt }),
  }
}
