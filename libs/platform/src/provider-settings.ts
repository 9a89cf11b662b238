/** Sign-in by an identity provider (OpenID Connect): what can be set, and what of it goes together. */
import { z } from 'zod'
import { ROLES, type Role } from './identity/roles.js'

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]', '::1']
export const isLoopback = (host: string): boolean => LOOPBACK.includes(host)

/** In the clear it may be spoken to on this machine only: whoever could read along would be whom they like. */
const issuer = z
  .string()
  .max(300, 'has at most 300 characters')
  .refine(
    (text) => URL.canParse(text) && isSafe(new URL(text)),
    'must be the https address that the provider gives as its issuer, without ? and #',
  )

const isSafe = ({ protocol, hostname, search, hash, username }: URL) =>
  (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) && !search && !hash && !username

const claim = z.string().regex(/^\S{1,200}$/, 'is the name of a claim, without spaces')

/** `value=role,value=role`: a value may hold `=`, but no comma. */
const roles = z.string().transform((text, context) => {
  const mapping = text.split(',').map((pair) => pair.trim())
  const read = mapping.flatMap((pair) => {
    const at = pair.lastIndexOf('=')
    const value = pair.slice(0, at).trim()
    const named = pair.slice(at + 1).trim()
    const role = ROLES.find((known) => known === named)
    if (at > 0 && value && role) return [{ value, role }]
    const message = at > 0 && value ? `there is no role "${named}": they are ${ROLES.join(', ')}` : NOT_A_MAPPING
    context.addIssue({ code: 'custom', message })
    return []
  })
  const values = read.map(({ value }) => value)
  const twice = values.find((value, i) => values.indexOf(value) !== i)
  if (twice !== undefined) context.addIssue({ code: 'custom', message: `"${twice}" is given two roles` })
  return read
})
const NOT_A_MAPPING = 'must be like coil-operators=operator,coil-planners=planner'

/** Part of the `configSchema`. */
export const providerSchema = {
  OIDC_ISSUER: issuer
    .optional()
    .describe('the identity provider (OpenID Connect) that people may sign in by; needs PUBLIC_URL as well'),
  OIDC_CLIENT_ID: z.string().min(1).max(300).optional().describe('what Coiltrail is called there'),
  OIDC_CLIENT_SECRET: z.string().min(1).optional().describe('that goes with it, unless it is a public client'),
  OIDC_NAME: z.string().min(1).max(60).optional().describe('what people call the provider; its host unless told'),
  OIDC_SCOPES: z
    .string()
    .regex(/(^| )openid( |$)/, 'must have openid among them, with spaces between')
    .default('openid profile')
    .describe('what it is asked for'),
  OIDC_NAME_CLAIM: claim.default('preferred_username').describe('the claim with the name that is kept with events'),
  OIDC_ROLE_CLAIM: claim.optional().describe('the claim with what decides the role: groups, realm_access.roles'),
  OIDC_ROLES: roles
    .optional()
    .describe('which of its values is which role: coil-ops=operator,coil-plan=planner; the first that fits counts'),
  OIDC_PARTNER_CLAIM: claim.optional().describe('the claim with the code of the partner whose metal a partner sees'),
}

type ProviderConfig = z.output<z.ZodObject<typeof providerSchema>>
type Beside = ProviderConfig & { readonly HOST: string; readonly PUBLIC_URL?: string | undefined }

export interface ProviderSettings {
  readonly issuer: URL
  readonly clientId: string
  readonly clientSecret?: string | undefined
  readonly name: string
  readonly scopes: string
  readonly nameClaim: string
  readonly roleClaim: string
  /** In the order in which they count. */
  readonly roles: readonly { readonly value: string; readonly role: Role }[]
  readonly partnerClaim?: string | undefined
  /** Where browsers reach Coiltrail; without it only those on this machine do. */
  readonly publicUrl?: string | undefined
}

/** Undefined where nobody signs in by a provider. */
export function providerSettings(config: Beside): ProviderSettings | undefined {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_ROLE_CLAIM, OIDC_ROLES } = config
  if (!OIDC_ISSUER || !OIDC_CLIENT_ID || !OIDC_ROLE_CLAIM || !OIDC_ROLES) return undefined
  const address = new URL(OIDC_ISSUER)
  return {
    issuer: address,
    clientId: OIDC_CLIENT_ID,
    clientSecret: config.OIDC_CLIENT_SECRET,
    name: config.OIDC_NAME ?? address.host,
    scopes: config.OIDC_SCOPES,
    nameClaim: config.OIDC_NAME_CLAIM,
    roleClaim: OIDC_ROLE_CLAIM,
    roles: OIDC_ROLES,
    partnerClaim: config.OIDC_PARTNER_CLAIM,
    publicUrl: config.PUBLIC_URL,
  }
}

const NEEDED = ['OIDC_CLIENT_ID', 'OIDC_ROLE_CLAIM', 'OIDC_ROLES'] as const
const MEANINGLESS_ALONE = [...NEEDED, 'OIDC_CLIENT_SECRET', 'OIDC_NAME', 'OIDC_PARTNER_CLAIM'] as const

/** In sentences, what of it does not go together. */
export function providerContradictions(config: Beside): string[] {
  if (!config.OIDC_ISSUER) {
    const alone = MEANINGLESS_ALONE.filter((name) => config[name] !== undefined)
    return alone.map((name) => `${name}: means nothing without OIDC_ISSUER`)
  }
  const faults = NEEDED.filter((name) => config[name] === undefined).map(
    (name) => `${name}: is needed where OIDC_ISSUER is set`,
  )
  const hasPartners = config.OIDC_ROLES?.some(({ role }) => role === 'partner') ?? false
  if (hasPartners && !config.OIDC_PARTNER_CLAIM) {
    faults.push('OIDC_PARTNER_CLAIM: is needed where OIDC_ROLES makes somebody a partner, to tell whose metal they see')
  }
  if (!hasPartners && config.OIDC_ROLES && config.OIDC_PARTNER_CLAIM) {
    faults.push('OIDC_PARTNER_CLAIM: OIDC_ROLES makes nobody a partner')
  }
  if (!config.PUBLIC_URL && !isLoopback(config.HOST)) {
    faults.push('PUBLIC_URL: is needed where OIDC_ISSUER is set, so that the provider can send people back')
  }
  return faults
}
