import { z } from 'zod'
import { keyScope } from '#domain/access/events'
import { partnerCode, words } from '#domain/words'
import { isInScope, PERMISSIONS, type Permission, rolesWith } from '#platform/identity/permissions'
import { type Actor, ROLES } from '#platform/identity/roles'

/** Longer ones are not read at all; what may be chosen is said when one is chosen. */
const password = z.string().min(1).max(1_000)
const EXAMPLE = 'four words of your own'

export const signIn = z
  .strictObject({ name: words(100), password })
  .meta({ examples: [{ name: 'Ana Popescu', password: EXAMPLE }] })

export const acceptance = z
  .strictObject({
    invitation: z.string().min(1).max(200).describe('what stands behind # in the link'),
    password: password.describe('12 to 200 characters, none that is easily guessed'),
  })
  .meta({ examples: [{ invitation: 'k3bSUi0FJ2rqOIMq9iQ2mBvHRrm1OZk1XvF4G0sYcPA', password: EXAMPLE }] })

export const passwordChange = z
  .strictObject({
    password: password.describe('the one until now'),
    newPassword: password.describe('12 to 200 characters, none that is easily guessed'),
  })
  .meta({ examples: [{ password: EXAMPLE, newPassword: 'four other words of mine' }] })

export const whoIAm = z.strictObject({
  kind: z.enum(['person', 'key']),
  name: words(100),
  role: z.enum(ROLES),
  partner: partnerCode.optional().describe('whose metal alone is seen'),
  session: z.uuid().optional().describe('of a person'),
  scope: keyScope.optional().describe('of a key: what it is made for'),
  permissions: z.array(z.enum(PERMISSIONS as readonly [Permission, ...Permission[]])).describe('all that may be done'),
})
export type WhoIAm = z.output<typeof whoIAm>

/** Coiltrail itself does not ask who it is. */
export function described({ kind, name, role, partner, session, scope }: Omit<Actor, 'source' | 'id'>): WhoIAm {
  return {
    kind: kind === 'key' ? 'key' : 'person',
    name,
    role,
    ...(partner !== undefined && { partner }),
    ...(session !== undefined && { session }),
    ...(scope && { scope: scope as z.output<typeof keyScope> }),
    permissions: PERMISSIONS.filter(
      (permission) => rolesWith(permission).includes(role) && isInScope(scope ?? {}, permission),
    ),
  }
}

export const sessionId = z.uuid().meta({ examples: ['6b1f0a52-7c1d-4e0b-8a63-5d9e2f4c1a07'] })

const shape = {
  session: sessionId,
  way: z.enum(['password', 'provider', 'invitation']).describe('by what they signed in'),
  address: z.string().describe('IP address'),
  agent: z.string().describe('the browser’s own words about itself'),
  createdAt: z.iso.datetime(),
  seenAt: z.iso.datetime().describe('to the minute'),
}
export const sessionsOfAccount = z.strictObject({ items: z.array(z.strictObject(shape)) })
export const ownSessions = z.strictObject({
  items: z.array(z.strictObject({ ...shape, current: z.boolean().describe('the one that asks') })),
})
