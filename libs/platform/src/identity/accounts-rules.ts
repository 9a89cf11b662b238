/** What nobody may do to an account, so that nobody is shut out, and nobody sees what is not theirs. */
import { Problem } from '../problems/problem.js'
import type { Actor, Rights } from './roles.js'
import type { Account } from './tries.js'

/** @throws Problem 422 `partner-required` or `partner-not-wanted` */
export function requirePartnerIfNeeded({ role, partner }: Rights): void {
  if ((role === 'partner') === (partner !== undefined)) return
  const [rule, message] =
    role === 'partner'
      ? ['partner-required', 'a partner’s person needs the code of the partner whose metal they see']
      : ['partner-not-wanted', `only the role partner has a partner code, and this is ${role}`]
  throw new Problem(422, rule!, message!, { errors: [{ pointer: '/partner', rule: rule!, message: message! }] })
}

/** @throws Problem 422 `account-of-provider` */
export function requireOwn({ name, issuer }: Account & { issuer?: string }): void {
  if (issuer === undefined) return
  const detail = `${name} signs in by ${issuer}: their password and rights are kept there.`
  throw refused('account-of-provider', detail, { name, issuer })
}

/**
 * @param deed as in "Nobody can close their own account"
 * @throws Problem 422 `own-account`
 */
export function requireAnother({ id, name }: Account, by: Actor, deed: string): void {
  if (by.kind === 'person' && by.id === id) {
    throw refused('own-account', `Nobody can ${deed} their own account: another administrator can.`, { name })
  }
}

/**
 * @param able the administrators who can sign in
 * @throws Problem 422 `last-administrator`
 */
export function requireAdministratorBeside({ id, name }: Account, able: readonly string[]): void {
  if (!able.includes(id) || able.length > 1) return
  throw refused('last-administrator', `${name} is the last administrator who can sign in.`, { name })
}

export function refused(rule: string, detail: string, values?: Record<string, unknown>): Problem {
  return new Problem(422, rule, detail, values && { values })
}
