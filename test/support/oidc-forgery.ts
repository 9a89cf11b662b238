/** ID tokens as somebody on the way between the provider and Coiltrail would make them. */
import { createHmac, createPrivateKey, createSign } from 'node:crypto'
import type { JWK } from 'oidc-provider'
import type { Answered, Tampering } from './oidc-provider.js'

export interface IdToken {
  readonly header: Record<string, unknown>
  readonly claims: Record<string, unknown>
}

/** Puts another ID token, or none, into what the token endpoint answers. */
export const withIdToken =
  (forge: (token: IdToken, original: string) => string | undefined): Tampering =>
  (path, answer) => {
    if (path !== '/token') return undefined
    const body = JSON.parse(answer.body) as Record<string, unknown>
    const original = body.id_token as string
    return withBody(answer, { ...body, id_token: forge(read(original), original) })
  }

export const withBody = (answer: Answered, body: unknown): Answered => ({ ...answer, body: JSON.stringify(body) })

export function signed({ header, claims }: IdToken, key: JWK): string {
  const text = unsigned({ header, claims })
  const signature = createSign('RSA-SHA256').update(text)
  return `${text}.${signature.sign(createPrivateKey({ key: { ...key }, format: 'jwk' }), 'base64url')}`
}

/** By a secret that both sides know, as if it were the key. */
export function signedBySecret({ header, claims }: IdToken, secret: string): string {
  const text = unsigned({ header: { ...header, alg: 'HS256' }, claims })
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

export const unsigned = ({ header, claims }: IdToken): string => `${inBase64(header)}.${inBase64(claims)}`

function read(token: string): IdToken {
  const [header, claims] = token.split('.')
  return { header: fromBase64(header!), claims: fromBase64(claims!) }
}

const fromBase64 = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
const inBase64 = (thing: unknown) => Buffer.from(JSON.stringify(thing)).toString('base64url')
