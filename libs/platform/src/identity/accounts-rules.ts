/** What nobody may do to an account, so that nobody is shut out, and nobody sees what is not theirs. */
import { Problem } from '../problems/problem.js'
import type { Actor, Rights } from './roles.js'
import type { Account } from './tries.js'

/** @throws Problem 422 `partner-required` or `partner-not-wanted` */
export function requirePartnerIfNeeded({ role, partner }: Rights): void {
  if ((role === 'partner') === (partner !== undefined)) return
  if (role === 'partner') {
    const message = 'a partner’s person needs the code of the partner whose metal they see'
    throw new Problem(422, 'partner-required', message, at('/partner', 'partner-required', message))
  }
  const message = `only the role partner has a partner code, and this is ${role}`
  throw new Problem(422, 'partner-not-wanted', message, at('/partner', 'partner-not-wanted', message))
}

/** @throws Problem 422 `account-of-provider` */
export function requireOwn({ name, issuer }: Account & { issuer?: string }): void {
  if (issuer === undefined) return
  const detail = `${name} signs in by ${issuer}: their password and rights are kept there.`
  throw new Problem(422, 'account-of-provider', detail, { values: { name, issuer } })
}

/**
 * @param deed as in "Nobody can close their own account"
 * @throws Problem 422 `own-account`
 */
export function requireAnother({ id, name }: Account, by: Actor, deed: string): void {
  if (by.kind === 'person' && by.id === id) {
    const detail = `Nobody can ${deed} their own account: another administrator can.`
    throw new Problem(422, 'own-account', detail, { values: { name } })
  }
}

/**
 * @param able the administrators who can sign in
 * @throws Problem 422 `last-administrator`
 */
export function requireAdministratorBeside({ id, name }: Account, able: readonly string[]): void {
  if (!able.includes(id) || able.length > 1) return
  const detail = `${name} is the last administrator who can sign in.`
  throw new Problem(422, 'last-administrator', detail, { values: { name } })
}

const at = (pointer: string, rule: string, message: string) => ({ errors: [{ pointer, rule, message }] })
