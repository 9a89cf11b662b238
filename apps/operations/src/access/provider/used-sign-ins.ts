import type pg from 'pg'
import { hashOf } from '#platform/identity/secrets'
import { prepareIdentity } from '#platform/identity/tables'
import type { BegunSignIn } from './begun-sign-in.js'

/** Each way back is gone once, in whichever process it ends: remembered until the sign-in's time is over anyway. */
export class UsedSignIns {
  constructor(private readonly pool: pg.Pool) {}

  prepare(): Promise<void> {
    return prepareIdentity(this.pool, async (client) => void (await client.query(TABLE)))
  }

  /** True for the first who asks. */
  async use({ state, until }: BegunSignIn, now: Date): Promise<boolean> {
    await this.pool.query('DELETE FROM identity.used_sign_in WHERE until < $1', [now])
    const { rowCount } = await this.pool.query(
      'INSERT INTO identity.used_sign_in (state_sha256, until) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      [hashOf(state), until],
    )
    return rowCount === 1
  }
}

const TABLE = `
  CREATE TABLE IF NOT EXISTS identity.used_sign_in (
    state_sha256 bytea PRIMARY KEY CHECK (length(state_sha256) = 32),
    until timestamptz NOT NULL
  );
  CREATE INDEX IF NOT EXISTS used_sign_in_until ON identity.used_sign_in (until)`
