/** People of the plant and of partners: who has an account, with which rights. What signs in by a provider is kept there. */
import type pg from 'pg'
import { Problem } from '../problems/problem.js'
import { type AccessLog, note } from './access-log.js'
import { isNameTaken, nameTaken } from './names.js'
import type { Actor, Rights } from './roles.js'
import { hashOf, makeSecret } from './secrets.js'
import type { Sessions } from './sessions.js'
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

export interface ListedAccount extends Account {
  /** How they sign in; left out while they have not chosen a password. */
  readonly by?: 'password' | 'provider'
  readonly invitedUntil?: Date
  readonly createdAt: Date
  readonly lastSeenAt?: Date
  readonly closedAt?: Date
}

interface Kept extends Account {
  readonly issuer?: string
  readonly closedAt?: Date
}

export class Accounts {
  private readonly pool: pg.Pool

  constructor(
    private readonly log: AccessLog,
    private readonly sessions: Sessions,
  ) {
    this.pool = log.pool
  }

  /**
   * Opens an account and invites whose it is. That there is a partner of this code is not checked: it may be registered
   * later, and until then there is nothing that they could see.
   * @param by who does it; nobody at the first start and the command line
   * @throws Problem 422 `name-taken`, `partner-required` or `partner-not-wanted`
   */
  async open(wish: Wish, by?: Actor): Promise<Invited> {
    try {
      return await this.log.within((client) => insert(client, wish, by))
    } catch (error) {
      throw isNameTaken(error) ? nameTaken('account', wish.name) : error
    }
  }

  /**
   * Another invitation, for whom the first one was too short or who forgot their password; earlier ones end. The old
   * password is good until another is chosen, and nobody has to wait who knows it.
   * @throws Problem 404 `unknown-account`; 422 `account-closed` or `account-of-provider`
   */
  invite(id: string, by?: Actor): Promise<Invited> {
    return this.log.within(async (client) => {
      const account = await one(client, id)
      requireOwn(account)
      if (account.closedAt) throw refused('account-closed', `The account ${account.name} is closed: reopen it first.`)
      return invite(client, account, by)
    })
  }

  /**
   * @throws Problem 404 `unknown-account`; 422 as for `open`, and `own-account`, `last-administrator` or
   *   `account-of-provider`, whose rights come with every sign-in
   */
  changeRights(id: string, rights: Rights, by: Actor): Promise<Account> {
    requirePartnerIfNeeded(rights)
    return this.log.within(async (client) => {
      const administrators = await lockAdministrators(client)
      const account = await one(client, id)
      requireOwn(account)
      requireAnother(account, by, 'change the rights of')
      const { role, partner } = rights
      if (role !== 'administrator') requireAdministratorBeside(account, administrators)
      if (account.role === role && account.partner === partner) return plain(account)
      await client.query('UPDATE identity.account SET role = $2, partner = $3 WHERE id = $1', [id, role, partner])
      const fact = { name: account.name, role, ...(partner && { partner }) }
      await note(client, { type: 'AccountRightsChanged', data: { account: id, ...fact, by: by.name } }, by)
      return { id, ...fact }
    })
  }

  /**
   * Ends their sessions and invitations, and lets nobody in by this account until it is reopened. Closed already, nothing
   * is done.
   * @throws Problem 404 `unknown-account`; 422 `own-account` or `last-administrator`
   */
  close(id: string, reason: string, by: Actor): Promise<Account> {
    return this.log.within(async (client) => {
      const administrators = await lockAdministrators(client)
      const account = await one(client, id)
      requireAnother(account, by, 'close')
      requireAdministratorBeside(account, administrators)
      if (account.closedAt) return plain(account)
      await client.query(
        `UPDATE identity.account SET closed_at = now(), invitation_sha256 = NULL, invitation_until = NULL WHERE id = $1`,
        [id],
      )
      const { name } = account
      await note(client, { type: 'AccountClosed', data: { account: id, name, reason, by: by.name } }, by)
      await this.sessions.end(client, { account: id }, by)
      return plain(account)
    })
  }

  /**
   * With the rights and the password that it had. Open already, nothing is done.
   * @throws Problem 404 `unknown-account`
   */
  reopen(id: string, reason: string, by: Actor): Promise<Account> {
    return this.log.within(async (client) => {
      const account = await one(client, id)
      if (!account.closedAt) return plain(account)
      await client.query('UPDATE identity.account SET closed_at = NULL WHERE id = $1', [id])
      const { name } = account
      await note(client, { type: 'AccountReopened', data: { account: id, name, reason, by: by.name } }, by)
      return plain(account)
    })
  }

  /** All there ever were, by name. */
  async list(): Promise<readonly ListedAccount[]> {
    const { rows } = await this.pool.query<ListedAccount>(
      `SELECT id, name, role, partner,
         CASE WHEN issuer IS NOT NULL THEN 'provider' WHEN password_hash IS NOT NULL THEN 'password' END AS by,
         CASE WHEN invitation_until > now() THEN invitation_until END AS "invitedUntil", created_at AS "createdAt",
         s.at AS "lastSeenAt", closed_at AS "closedAt"
       FROM identity.account a
       LEFT JOIN (SELECT account, max(seen_at) AS at FROM identity.session GROUP BY account) s ON s.account = a.id
       ORDER BY lower(name)`,
    )
    return rows.map(withoutNulls)
  }

  /** @throws Problem 404 `unknown-account` */
  async endSessions(id: string, by: Actor): Promise<number> {
    return this.log.within(async (client) => {
      const account = await one(client, id)
      return this.sessions.end(client, { account: account.id }, by)
    })
  }
}

/** Within a transaction of who makes it: see `Accounts.open`. */
export async function insert(client: pg.PoolClient, wish: Wish, by?: Actor): Promise<Invited> {
  const { role, partner } = wish
  requirePartnerIfNeeded(wish)
  // However a keyboard composes it, it is one name.
  const name = wish.name.normalize()
  const { rows } = await client.query<{ id: string }>(
    'INSERT INTO identity.account (name, role, partner) VALUES ($1, $2, $3) RETURNING id',
    [name, role, partner],
  )
  const { id } = rows[0]!
  const fact = { account: id, name, role, ...(partner && { partner }), ...(by && { by: by.name }) }
  await note(client, { type: 'AccountOpened', data: fact }, by)
  return invite(client, { id, name, role, ...(partner && { partner }) }, by)
}

/** Within a transaction of who invites. Wrong passwords of before are forgiven. */
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

const plain = ({ id, name, role, partner }: Account): Account => ({ id, name, role, ...(partner && { partner }) })

/** Locked until the transaction ends. */
async function one(client: pg.PoolClient, id: string): Promise<Kept> {
  const { rows } = await client.query<Kept>(
    `SELECT id, name, role, partner, issuer, closed_at AS "closedAt" FROM identity.account WHERE id::text = $1 FOR UPDATE`,
    [id],
  )
  const [account] = rows.map(withoutNulls)
  if (!account) throw new Problem(404, 'unknown-account', `There is no account ${id}.`, { values: { account: id } })
  return account
}

/** Locked, in one order: of two administrators who close each other at once one is left. */
async function lockAdministrators(client: pg.PoolClient): Promise<readonly string[]> {
  const { rows } = await client.query<{ id: string; able: boolean }>(
    `SELECT id, password_hash IS NOT NULL OR issuer IS NOT NULL AS able FROM identity.account
     WHERE role = 'administrator' AND closed_at IS NULL ORDER BY id FOR UPDATE`,
  )
  return rows.filter(({ able }) => able).map(({ id }) => id)
}

/** @throws Problem 422 `partner-required` or `partner-not-wanted` */
export function requirePartnerIfNeeded({ role, partner }: Rights): void {
  if ((role === 'partner') === (partner !== undefined)) return
  const [rule, message] =
    role === 'partner'
      ? ['partner-required', 'a partner’s person needs the code of the partner whose metal they see']
      : ['partner-not-wanted', `only the role partner has a partner code, and this is ${role}`]
  throw new Problem(422, rule!, message!, { errors: [{ pointer: '/partner', rule: rule!, message: message! }] })
}

function requireOwn({ name, issuer }: Kept): void {
  if (issuer === undefined) return
  const detail = `${name} signs in by ${issuer}: their password and rights are kept there.`
  throw refused('account-of-provider', detail, { name, issuer })
}

function requireAnother({ id, name }: Account, by: Actor, deed: string): void {
  if (by.kind === 'person' && by.id === id) {
    throw refused('own-account', `Nobody can ${deed} their own account: another administrator can.`, { name })
  }
}

/** @param able those who can sign in */
function requireAdministratorBeside({ id, name }: Account, able: readonly string[]): void {
  if (!able.includes(id) || able.length > 1) return
  throw refused('last-administrator', `${name} is the last administrator who can sign in.`, { name })
}

function refused(rule: string, detail: string, values?: Record<string, unknown>): Problem {
  return new Problem(422, rule, detail, values && { values })
}
