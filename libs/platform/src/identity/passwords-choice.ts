import { Problem } from '../problems/problem.js'
import { type AccessLog, note } from './access-log.js'
import type { Passwords } from './passwords.js'
import { requireGoodPassword } from './passwords-rules.js'
import type { Actor } from './roles.js'
import { hashOf } from './secrets.js'
import type { Sessions, Visit } from './sessions.js'
import type { Arrived } from './sign-in.js'
import { withoutNulls } from './tables.js'
import type { Account, Tries } from './tries.js'

/** How people come to a password: by an invitation, or by the one that they have. */
export class PasswordChoice {
  constructor(
    private readonly log: AccessLog,
    private readonly passwords: Passwords,
    private readonly tries: Tries,
    private readonly sessions: Sessions,
  ) {}

  /**
   * Takes the password, ends every session of the account, and begins one. An invitation is good once: of a hundred who
   * come with it at the same moment one gets in.
   * @throws Problem 422 `invitation-over` when it is not known, or was used, replaced or not used in time;
   *   `password-not-good`; 503 `too-many-at-the-door`
   */
  async byInvitation(invitation: string, password: string, visit: Omit<Visit, 'way'>): Promise<Arrived> {
    const sha256 = hashOf(invitation)
    const { rows } = await this.log.pool.query<{ name: string }>(
      `SELECT name FROM identity.account WHERE invitation_sha256 = $1 AND ${GOOD}`,
      [sha256],
    )
    if (!rows[0]) throw over()
    requireGoodPassword(password, rows[0].name, '/password')
    return this.passwords.letIn(async () => {
      const kept = await this.passwords.hash(password)
      return this.log.within(async (client) => {
        const { rows: chosen } = await client.query<Account>(
          `UPDATE identity.account SET password_hash = $2, invitation_sha256 = NULL, invitation_until = NULL,
             failures = 0, wait_until = NULL, wait_told = false
           WHERE invitation_sha256 = $1 AND ${GOOD} RETURNING id, name, role, partner`,
          [sha256, kept],
        )
        const [account] = chosen.map(withoutNulls)
        if (!account) throw over()
        const by: Actor = { kind: 'person', source: 'ui', ...account }
        await note(client, { type: 'PasswordChosen', data: { account: account.id, name: account.name } }, by)
        await this.sessions.end(client, { account: account.id }, by)
        return { account, ...(await this.sessions.begin(client, account, { ...visit, way: 'invitation' })) }
      })
    })
  }

  /**
   * Ends all other sessions of the person, and an invitation that nobody used. Wrong tries count as those of signing in.
   * @param by a person who signed in
   * @throws Problem 422 `wrong-password` or `password-not-good`; 429 `too-many-tries`; 503 `too-many-at-the-door`
   */
  async change(password: string, newPassword: string, address: string, by: Actor): Promise<void> {
    requireGoodPassword(newPassword, by.name, '/newPassword')
    await this.passwords.letIn(async () => {
      const proven = await this.tries.check(by.name, password, address)
      if (!proven) throw wrong()
      const kept = await this.passwords.hash(newPassword)
      await this.log.within(async (client) => {
        if (!(await this.tries.succeeded(client, proven, kept))) throw wrong()
        await client.query(
          'UPDATE identity.account SET invitation_sha256 = NULL, invitation_until = NULL WHERE id = $1',
          [by.id],
        )
        await note(client, { type: 'PasswordChosen', data: { account: by.id, name: by.name } }, by)
        await this.sessions.end(client, { account: by.id, butNot: by.session }, by)
      })
    })
  }
}

const GOOD = 'invitation_until > now() AND closed_at IS NULL AND issuer IS NULL'

const over = () =>
  new Problem(
    422,
    'invitation-over',
    'This invitation was used already, or replaced by another, or its time is over: ask for another one.',
  )

function wrong(): Problem {
  const message = 'it is not your password'
  const errors = [{ pointer: '/password', rule: 'wrong-password', message }]
  return new Problem(422, 'wrong-password', 'This is not the password that you have now.', { errors })
}
