/** What is done to accounts within a transaction of whoever does it. */
import type pg from 'pg'
import { Problem } from '../problems/problem.js'
import { note } from './access-log.js'
import { requirePartnerIfNeeded } from './accounts-rules.js'
import { requireNameFree } from './names.js'
import type { Actor, Rights } from './roles.js'
import { hashOf, makeSecret } from './secrets.js'
import { withoutNulls } from './tables.js'
import type { Account } from './tries.js'

/** An invitation is good for so long: over a weekend. */
export const INVITED_HOURS = 72

/** Behind `#`, so that the secret is never part of a request, and stands in no log on the way. */
export const linkOf = (origin: string, invitation: string): string => `${origin}/invitation#${invitation}`

export interface Wish extends Rights {
  readonly name: string
}

export interface Invited extends Account {
  /** For the link: shown once, kept as a hash only. */
  readonly invitation: string
  readonly until: Date
}

export interface KeptAccount extends Account {
  readonly issuer?: string
  readonly closedAt?: Date
}

/** See `Accounts.open`. */
export async function insert(client: pg.PoolClient, wish: Wish, by?: Actor): Promise<Invited> {
  const { role, partner } = wish
  requirePartnerIfNeeded(wish)
  // However a keyboard composes it, it is one name.
  const name = wish.name.normalize()
  await requireNameFree(client, name)
  const { rows } = await client.query<{ id: string }>(
    'INSERT INTO identity.account (name, role, partner) VALUES ($1, $2, $3) RETURNING id',
    [name, role, partner],
  )
  const { id } = rows[0]!
  const fact = { account: id, name, role, ...(partner && { partner }), ...(by && { by: by.name }) }
  await note(client, { type: 'AccountOpened', data: fact }, by)
  return invite(client, { id, name, role, ...(partner && { partner }) }, by)
}

/** Earlier invitations end. Wrong passwords of before are forgiven. */
export async function invite(client: pg.PoolClient, { id, name, role, partner }: Account, by?: Actor) {
  const invitation = makeSecret()
  const { rows } = await client.query<{ until: Date }>(
    `UPDATE identity.account SET invitation_sha256 = $2, invitation_until = now() + interval '${INVITED_HOURS} hours',
       failures = 0, wait_until = NULL, wait_told = false
     WHERE id = $1 RETURNING invitation_until AS until`,
    [id, hashOf(invitation)],
  )
  const { until } = rows[0]!
  const fact = { account: id, name, until: until.toISOString(), ...(by && { by: by.name }) }
  await note(client, { type: 'AccountInvited', data: fact }, by)
  return { ...plain({ id, name, role, partner }), invitation, until }
}

export const plain = ({ id, name, role, partner }: Account): Account => ({
  id,
  name,
  role,
  ...(partner && { partner }),
})

/** Locked until the transaction ends. */
export async function one(client: pg.PoolClient, id: string): Promise<KeptAccount> {
  const { rows } = await client.query<KeptAccount>(
    `SELECT id, name, role, partner, issuer, closed_at AS "closedAt" FROM identity.account WHERE id::text = $1 FOR UPDATE`,
    [id],
  )
  const [account] = rows.map(withoutNulls)
  if (!account) throw new Problem(404, 'unknown-account', `There is no account ${id}.`, { values: { account: id } })
  return account
}

/** Locked, in one order: of two administrators who close each other at once one is left. */
export async function lockAdministrators(client: pg.PoolClient): Promise<readonly string[]> {
  const { rows } = await client.query<{ id: string; able: boolean }>(
    `SELECT id, password_hash IS NOT NULL OR issuer IS NOT NULL AS able FROM identity.account
     WHERE role = 'administrator' AND closed_at IS NULL ORDER BY id FOR UPDATE`,
  )
  return rows.filter(({ able }) => able).map(({ id }) => id)
}
