import { z } from 'zod'
import { type EventsOf, version1 } from '../event.js'
import { calendarDate, instant, lineCode, locationCode, partnerCode, reason, words } from '../words.js'

/** Of an account or a key: made by us, never reused. */
const id = z.uuid()
/** What people and programs may be; libs/platform says what each role may do. */
const role = words(40)
const accountName = words(100)
/** IP address that a request came from, as far as trusted proxies tell. */
const address = words(45)

/** What a key may do of all that its role may; left out, there is no such limit. */
export const keyScope = z.strictObject({
  permissions: z.array(words(60)).min(1).max(200).optional(),
  lines: z.array(lineCode).min(1).max(100).optional(),
  locations: z.array(locationCode).min(1).max(200).optional(),
})
export type KeyScope = z.output<typeof keyScope>

const rights = { role, partner: partnerCode.optional().describe('whose metal alone they see, if they are a partner’s') }

/**
 * Streams `account-<id>`, `apiKey-<id>` and `refusals-<day>` (UTC): who may come in, who came in, and who was turned
 * away. No password, key or session can be made from them. Names are those at that time.
 */
export const accessEvents = {
  /** `by` is left out for the first administrator, whom the first start invites, and for whom an identity provider sends. */
  AccountOpened: version1(
    z.strictObject({
      account: id,
      name: accountName,
      ...rights,
      issuer: words(300).optional().describe('the identity provider that answers for them'),
      by: accountName.optional(),
    }),
  ),
  /** A link to choose a password by was given out: the first one, or another when it was forgotten. */
  AccountInvited: version1(
    z.strictObject({ account: id, name: accountName, until: instant, by: accountName.optional() }),
  ),
  PasswordChosen: version1(z.strictObject({ account: id, name: accountName })),
  AccountRightsChanged: version1(z.strictObject({ account: id, name: accountName, ...rights, by: accountName })),
  AccountClosed: version1(z.strictObject({ account: id, name: accountName, reason, by: accountName })),
  AccountReopened: version1(z.strictObject({ account: id, name: accountName, reason, by: accountName })),
  SignedIn: version1(
    z.strictObject({
      account: id,
      name: accountName,
      session: id,
      by: z.enum(['password', 'provider', 'invitation']),
      address,
    }),
  ),
  SignInRefused: version1(
    z.strictObject({
      account: id,
      name: accountName,
      why: z.enum(['wrong-password', 'too-many-tries', 'closed', 'no-rights']),
      address,
    }),
  ),
  /** By the person (`by` is their own name), by an administrator, or because the account was closed or its password changed. */
  SessionEnded: version1(z.strictObject({ account: id, name: accountName, session: id, by: accountName })),
  ApiKeyMade: version1(
    z.strictObject({
      key: id,
      name: accountName,
      ...rights,
      scope: keyScope,
      expiresAt: instant.optional(),
      by: accountName.optional().describe('left out for keys that the first start or the command line made'),
    }),
  ),
  ApiKeyRevoked: version1(z.strictObject({ key: id, name: accountName, reason, by: accountName.optional() })),
  /** Somebody known asked for what they may not; the same within a minute is told once, with how often. */
  AccessRefused: version1(
    z.strictObject({
      day: calendarDate,
      name: accountName,
      role,
      permission: words(60),
      rule: words(60),
      times: z.int().min(1),
      address,
    }),
  ),
} as const
export type AccessEvent = EventsOf<typeof accessEvents>
