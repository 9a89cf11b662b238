/** Who somebody is, and what they may, by what the provider says of them. */
import { partnerCode, words } from '#domain/words'
import type { Rights } from '#platform/identity/roles'
import type { ProviderSettings } from '#platform/provider-settings'
import { notUsable } from './provider-problems.js'

export type Claims = Readonly<Record<string, unknown>>

export interface Person {
  readonly issuer: string
  /** Theirs at the issuer for ever; names change. */
  readonly subject: string
  readonly name: string
  /** Undefined when nothing that is said of them is a role here. */
  readonly rights: Rights | undefined
}

type Reading = Pick<ProviderSettings, 'nameClaim' | 'roleClaim' | 'roles' | 'partnerClaim'>

const NAME = words(100)
const SUBJECT = words(255)

/** @throws Problem 403 `claims-not-usable` when name or subject are none that could stand in the books */
export function personOf(claims: Claims, reading: Reading): Person {
  const issuer = String(claims.iss)
  const subject = usable(claims, 'sub', SUBJECT)
  // Trimmed, two subjects of the provider could be one of ours.
  if (subject !== claims.sub) throw notUsable('sub', 'this begins or ends with a space')
  // What looks the same is the same name, however the provider composed its letters.
  const name = usable(claims, reading.nameClaim, NAME).normalize('NFC')
  return { issuer, subject, name, rights: rightsOf(claims, reading) }
}

export const isTold = (claims: Claims, claim: string): boolean => valueAt(claims, claim) !== undefined

/** The first role of the mapping, in its order, whose value the claim has. */
function rightsOf(claims: Claims, { roleClaim, roles, partnerClaim }: Reading): Rights | undefined {
  const told = textsAt(claims, roleClaim)
  const role = roles.find(({ value }) => told.includes(value))?.role
  if (role !== 'partner') return role && { role }
  const [partner, ...others] = partnerClaim ? textsAt(claims, partnerClaim) : []
  // Of two partners one would see the other's metal.
  if (others.length > 0 || !partnerCode.safeParse(partner).success) return undefined
  return { role, partner: partner! }
}

function usable(claims: Claims, claim: string, schema: typeof NAME): string {
  const value = valueAt(claims, claim)
  if (typeof value !== 'string') throw notUsable(claim, 'this is missing, or is no text')
  const { data, error } = schema.safeParse(value)
  if (error) throw notUsable(claim, error.issues[0]!.message)
  return data
}

function textsAt(claims: Claims, claim: string): string[] {
  const value = valueAt(claims, claim)
  return (Array.isArray(value) ? value : [value]).filter((text) => typeof text === 'string')
}

/** A name as it stands first, since some are addresses with dots in them; then as a path: `realm_access.roles`. */
function valueAt(claims: Claims, claim: string): unknown {
  if (Object.hasOwn(claims, claim)) return claims[claim]
  let value: unknown = claims
  for (const part of claim.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = (value as Claims)[part]
  }
  return value
}
