import { z } from 'zod'
import { lineCode, locationCode, partnerCode, reason, words } from '#domain/words'
import { isInScope, PERMISSIONS, type Permission, rolesWith } from '#platform/identity/permissions'
import { ROLES } from '#platform/identity/roles'

const DAY_MS = 86_400_000
const DEFAULT_DAYS = 365
const LONGEST_DAYS = 5 * 366

const scope = z.strictObject({
  permissions: z
    .array(z.enum(PERMISSIONS as readonly [Permission, ...Permission[]]))
    .min(1)
    .optional()
    .describe('commands and queries, by the names of docs/permissions.md; all of the role if left out'),
  lines: z.array(lineCode).min(1).max(100).optional().describe('touches no other line'),
  locations: z.array(locationCode).min(1).max(200).optional().describe('touches no other location'),
})

/** What a key is to be. Its time is a year unless told. */
export const newKey = z
  .strictObject({
    name: words(100).describe('who or what uses it: kept with every event as who did it'),
    role: z.enum(ROLES),
    partner: partnerCode.optional().describe('for the role partner: whose metal alone it sees'),
    scope: scope.default({}),
    expiresAt: z.iso.datetime({ offset: true }).optional().describe(`in ${DEFAULT_DAYS} days, if left out`),
  })
  .superRefine(({ role, partner, scope, expiresAt }, check) => {
    if ((role === 'partner') !== (partner !== undefined)) {
      const message = 'a partner code is given for the role partner, and for no other'
      check.addIssue({ code: 'custom', path: ['partner'], message, input: partner })
    }
    scope.permissions?.forEach((permission, i) => {
      const mayRole = rolesWith(permission).includes(role)
      if (mayRole && isInScope(scope, permission)) return
      const message = mayRole ? 'a key with limits gives no rights' : `the role ${role} may not do this`
      check.addIssue({ code: 'custom', path: ['scope', 'permissions', i], message, input: permission })
    })
    const ms = expiresAt === undefined ? 1 : new Date(expiresAt).getTime() - Date.now()
    if (ms <= 0 || ms > LONGEST_DAYS * DAY_MS) {
      const message = `a key is good until some time to come, within ${LONGEST_DAYS} days`
      check.addIssue({ code: 'custom', path: ['expiresAt'], message, input: expiresAt })
    }
  })
  .meta({
    examples: [
      {
        name: 'Scanner 7, hall B',
        role: 'operator',
        scope: { permissions: ['move-coil', 'weigh-coil'], locations: ['BAY-01', 'YARD'] },
      },
    ],
  })
export type NewKey = z.output<typeof newKey>

export const endOf = ({ expiresAt }: NewKey, now: Date): Date =>
  expiresAt === undefined ? new Date(now.getTime() + DEFAULT_DAYS * DAY_MS) : new Date(expiresAt)

/** Of a key, not the key itself. */
export const keyId = z.uuid().meta({ examples: ['0190a1b2-0000-7000-8000-000000000002'] })

export const revocation = z.strictObject({ reason }).meta({ examples: [{ reason: 'the scanner was lost' }] })

const instant = z.iso.datetime()
const key = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  role: z.enum(ROLES),
  partner: z.string().optional(),
  scope: z.strictObject({
    permissions: z.array(z.string()).optional(),
    lines: z.array(z.string()).optional(),
    locations: z.array(z.string()).optional(),
  }),
  madeBy: z.uuid().optional().describe('account of the person who made it'),
  expiresAt: instant.optional(),
})
export const madeKey = key.extend({ token: z.string().describe('the key itself: shown this once, kept nowhere') })
export const listedKeys = z.strictObject({
  items: z.array(key.extend({ createdAt: instant, lastUsedAt: instant.optional(), revokedAt: instant.optional() })),
})
