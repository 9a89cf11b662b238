/** What people and programs may be. Each has one token from the first start on. */
export const ROLES = [
  'operator',
  'quality',
  'planner',
  'sales',
  'contract-manager',
  'auditor',
  'administrator',
] as const

export type Role = (typeof ROLES)[number]

/** By what a write came in: kept with every event. */
export const SOURCES = ['ui', 'scanner', 'api', 'import'] as const

export type Source = (typeof SOURCES)[number]

/** Who does this. */
export interface Actor {
  readonly tokenId: string
  /** Kept with every event as who did it. */
  readonly name: string
  readonly role: Role
  readonly source: Source
}
