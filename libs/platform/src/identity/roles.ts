/** What people and programs may be; `permissions.ts` says what each may do. */
export const ROLES = [
  'operator',
  'quality',
  'planner',
  'sales',
  'contract-manager',
  'auditor',
  'partner',
  'administrator',
] as const

export type Role = (typeof ROLES)[number]

/** Of the plant itself: all but partners, who see their own metal only. */
export type StaffRole = Exclude<Role, 'partner'>
export const STAFF = ROLES.filter((role): role is StaffRole => role !== 'partner')

/** By what a write came in: kept with every event. */
export const SOURCES = ['ui', 'scanner', 'api', 'import'] as const

export type Source = (typeof SOURCES)[number]

/** What somebody may do and see, beside what their role says. */
export interface Rights {
  readonly role: Role
  /** Whose metal alone they see: told for partners, and for nobody else. */
  readonly partner?: string
}

/** What a key may do of all that its role may; left out, there is no such limit. */
export interface Scope {
  readonly permissions?: readonly string[]
  readonly lines?: readonly string[]
  readonly locations?: readonly string[]
}

/** Who does this: somebody who signed in, a program with a key, or Coiltrail itself. */
export interface Actor extends Rights {
  readonly kind: 'person' | 'key' | 'coiltrail'
  /** Of the account or the key. */
  readonly id: string
  /** Kept with every event as who did it; no two accounts and no two keys in use share one. */
  readonly name: string
  readonly source: Source
  /** Of a person: by which session they are here. */
  readonly session?: string
  /** Of a key. */
  readonly scope?: Scope
  /** Of a key: the account of the person who made it, or the key by which it was made. */
  readonly madeBy?: string
}
