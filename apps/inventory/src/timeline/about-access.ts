import type { AccessEvent, KeyScope } from '#domain/access/events'
import { because, list } from './phrases.js'
import type { Sentences } from './sentences.js'

const by = (name: string | undefined) => (name ? ` by ${name}` : '')
const rights = ({ role, partner }: { role: string; partner?: string }) => (partner ? `${role} of ${partner}` : role)

const WAYS = { password: 'by password', provider: 'by the identity provider', invitation: 'by an invitation' } as const
const REFUSALS = {
  'wrong-password': 'the password was wrong',
  'too-many-tries': 'there were too many tries',
  closed: 'the account is closed',
  'no-rights': 'the identity provider gives no role here',
} as const

const limits = ({ permissions, lines, locations }: KeyScope) =>
  [permissions && `for ${list(permissions)}`, lines && `on ${list(lines)}`, locations && `in ${list(locations)}`]
    .flatMap((limit) => (limit ? [` ${limit}`] : []))
    .join('')

export const aboutAccess: Sentences<AccessEvent['type']> = {
  AccountOpened: (d) => `Account ${d.name} opened${by(d.by)} as ${rights(d)}`,
  AccountInvited: (d) => `${d.name} invited${by(d.by)} to choose a password`,
  PasswordChosen: (d) => `${d.name} chose a password`,
  AccountRightsChanged: (d) => `${d.name} made ${rights(d)}${by(d.by)}`,
  AccountClosed: (d) => `Account ${d.name} closed${by(d.by)}${because(d.reason)}`,
  AccountReopened: (d) => `Account ${d.name} opened again${by(d.by)}${because(d.reason)}`,
  SignedIn: (d) => `${d.name} signed in ${WAYS[d.by]} from ${d.address}`,
  SignInRefused: (d) => `${d.name} was not let in from ${d.address}: ${REFUSALS[d.why]}`,
  SessionEnded: (d) => `A session of ${d.name} ended${by(d.by)}`,
  ApiKeyMade: (d) => `Key ${d.name} made${by(d.by)} for ${rights(d)}${limits(d.scope)}`,
  ApiKeyRevoked: (d) => `Key ${d.name} revoked${by(d.by)}${because(d.reason)}`,
  AccessRefused: (d) =>
    `${d.name} (${d.role}) was refused ${d.permission} ${d.times === 1 ? 'once' : `${d.times} times`}`,
}
