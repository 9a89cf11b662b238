import type pg from 'pg'
import { Problem } from '../problems/problem.js'

/** Whose deeds are those that nobody asked for. */
const OUR_OWN = 'Coiltrail'

/**
 * Events name who did it by name alone: no account, no key in use and not Coiltrail itself has this one, without regard to
 * capitals. Until the transaction ends nobody else takes it.
 */
export async function isNameFree(client: pg.PoolClient, name: string): Promise<boolean> {
  await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('coiltrail names', 0))`)
  const { rowCount } = await client.query(
    `SELECT 1 WHERE lower($1) = lower($2)
     UNION ALL SELECT 1 FROM identity.account WHERE lower(name) = lower($1)
     UNION ALL SELECT 1 FROM identity.api_key WHERE lower(name) = lower($1) AND revoked_at IS NULL`,
    [name, OUR_OWN],
  )
  return rowCount === 0
}

/** @throws Problem 422 `name-taken` */
export async function requireNameFree(client: pg.PoolClient, name: string): Promise<void> {
  if (await isNameFree(client, name)) return
  const message = `an account or a key in use is named ${name} already, or Coiltrail itself`
  throw new Problem(422, 'name-taken', message, {
    values: { name },
    errors: [{ pointer: '/name', rule: 'name-taken', message, value: name }],
  })
}
