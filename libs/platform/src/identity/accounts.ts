/** People of the plant and of partners: who has an account, with which rights. What signs in by a provider is kept there. */
import type pg from 'pg'
import { Problem } from '../problems/problem.js'
import { type AccessLog, note } from './access-log.js'
import { type Invited, insert, invite, lockAdministrators, one, plain, type Wish } from './accounts-rows.js'
import { requireAdministratorBeside, requireAnother, requireOwn, requirePartnerIfNeeded } from './accounts-rules.js'
import type { Actor, Rights } from './roles.js'
import type { Sessions } from './sessions.js'
import { withoutNulls } from './tables.js'
import type { Account } from './tries.js'

export interface ListedAccount extends Account {
  /** How they sign in; left out while they have not chosen a password. */
  readonly by?: 'password' | 'provider'
  readonly invitedUntil?: Date
  readonly createdAt: Date
  readonly lastSeenAt?: Date
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
  open(wish: Wish, by?: Actor): Promise<Invited> {
    return this.log.within((client) => insert(client, wish, by))
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
      if (account.closedAt) {
        throw new Problem(422, 'account-closed', `The account ${account.name} is closed: reopen it first.`)
      }
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
