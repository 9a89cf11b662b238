/**
 * Who may do what: the one table. Every route names its permission from here with `@Allow()`, the guard asks this table,
 * docs/permissions.md prints it, and a test calls every route as every role and compares.
 */
import { ROLES, type Role, type Scope } from './roles.js'

/** Everybody who works for the plant, the auditor too. */
const STAFF = ['operator', 'quality', 'planner', 'sales', 'contract-manager', 'auditor'] as const
const STAFF_AND_PARTNERS = [...STAFF, 'partner'] as const

/** What is recorded or changed. The auditor is in none of these, nor is a partner. */
export const COMMANDS = {
  'announce-coils': ['operator', 'planner'],
  'receive-coils': ['operator'],
  'accept-difference': ['quality', 'planner'],
  'start-casting-run': ['operator', 'planner'],
  'charge-melt': ['operator'],
  'cast-coils': ['operator'],
  'finish-casting-run': ['operator', 'planner'],
  'analyse-melt': ['quality'],
  'move-coil': ['operator'],
  'weigh-coil': ['operator', 'quality'],
  'correct-weight': ['quality', 'planner'],
  'correct-product': ['quality', 'planner'],
  'scrap-coil': ['quality', 'planner'],
  'transfer-title': ['planner', 'contract-manager'],
  'inspect-coil': ['operator', 'quality'],
  'hold-coil': ['operator', 'quality'],
  'release-hold': ['quality'],
  'downgrade-coil': ['quality'],
  'reject-coil': ['quality'],
  'pack-coils': ['operator'],
  'move-pack': ['operator'],
  'unpack-coils': ['operator'],
  'plan-process-order': ['planner'],
  'start-process-order': ['operator', 'planner'],
  'complete-process-order': ['operator'],
  'abort-process-order': ['operator', 'planner'],
  'place-sales-order': ['sales'],
  'cancel-sales-order': ['sales'],
  'reserve-coils': ['sales'],
  'extend-reservation': ['sales'],
  'release-reservation': ['sales'],
  'sell-coils': ['sales'],
  'cancel-sale': ['sales'],
  'dispatch-goods': ['operator', 'sales'],
  'confirm-delivery': ['operator', 'sales'],
  'take-back-goods': ['operator', 'quality', 'sales'],
  'answer-approval': ['operator', 'quality', 'planner'],
  'withdraw-approval': ['operator', 'quality', 'planner'],
  'configure-plant': [],
  'define-partner': ['sales', 'contract-manager'],
  'grant-mandate': ['contract-manager'],
  'revoke-mandate': ['contract-manager'],
  'define-location': ['planner'],
  'define-line': ['planner'],
  'define-alloy': ['quality'],
  'define-temper': ['quality'],
  'rebuild-projection': [],
  'retry-parked': [],
  'manage-accounts': [],
  'manage-keys': [],
} as const satisfies Record<string, readonly Role[]>

/** What is asked. Partners get their own metal only, whatever they ask. */
export const QUERIES = {
  'search-stock': STAFF_AND_PARTNERS,
  'export-stock': STAFF_AND_PARTNERS,
  'read-coil': STAFF_AND_PARTNERS,
  'read-melt': STAFF_AND_PARTNERS,
  'read-packing-lists': STAFF_AND_PARTNERS,
  'read-casting-runs': STAFF,
  'read-process-orders': STAFF_AND_PARTNERS,
  'read-sales': STAFF,
  'match-coils': STAFF,
  'read-approvals': STAFF,
  'read-balance': STAFF_AND_PARTNERS,
  'read-throughput': STAFF_AND_PARTNERS,
  'follow-changes': STAFF_AND_PARTNERS,
  'read-plant': STAFF_AND_PARTNERS,
  'read-alloys': STAFF_AND_PARTNERS,
  'read-partners': STAFF,
  'read-lines': STAFF,
  'read-locations': STAFF,
  'read-relay': STAFF,
  'read-projections': STAFF,
  'read-access': ['auditor'],
} as const satisfies Record<string, readonly Role[]>

/** What everybody may who is let in at all: their own account, sessions and rights. */
export const OWN = {
  'manage-own-access': STAFF_AND_PARTNERS,
} as const satisfies Record<string, readonly Role[]>

export type Permission = keyof typeof COMMANDS | keyof typeof QUERIES | keyof typeof OWN

const ALL: Readonly<Record<Permission, readonly Role[]>> = { ...COMMANDS, ...QUERIES, ...OWN }
export const PERMISSIONS = Object.keys(ALL) as readonly Permission[]

const roles = new Map(
  PERMISSIONS.map((permission) => [
    permission,
    ROLES.filter((role) => role === 'administrator' || ALL[permission].includes(role)),
  ]),
)

/** Who may: those of the table, and always the administrator. */
export const rolesWith = (permission: Permission): readonly Role[] => roles.get(permission)!

const GIVE_RIGHTS: readonly Permission[] = ['manage-accounts', 'manage-keys']

/** Whoever gives rights can give themselves all of them: a key with any limit may not, or it had none. */
export function isInScope(scope: Scope, permission: Permission): boolean {
  const isLimited = Object.values(scope).some((limit) => limit !== undefined)
  if (isLimited && GIVE_RIGHTS.includes(permission)) return false
  return scope.permissions?.includes(permission) ?? true
}
