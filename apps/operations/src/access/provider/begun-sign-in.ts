/**
 * A sign-in between the way to the provider and the way back, kept in a cookie of the browser that began it. The cookie
 * is 256 random bits, an end and a destination; state, nonce and PKCE verifier are derived from all of it. So nothing is
 * kept here for whoever only begins, a cookie that was altered fits no state, and no key need be shared by processes.
 */
import { hkdfSync } from 'node:crypto'
import { makeSecret, SECRET_SHAPE } from '#platform/identity/secrets'

/** How long somebody may take at the provider. */
export const LASTS_MS = 10 * 60 * 1000

export interface BegunSignIn {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  readonly until: Date
  /** Path of ours to go on to. */
  readonly next: string
}

const SHAPE = new RegExp(`^${SECRET_SHAPE}\\.(\\d{1,15})\\.([A-Za-z0-9_-]{1,3000})$`)

/** The value of the cookie. */
export function beginSignIn(next: string, now: Date): string {
  return `${makeSecret()}.${now.getTime() + LASTS_MS}.${Buffer.from(next).toString('base64url')}`
}

/** Undefined when the cookie is none of ours, or its time is over. */
export function begunBy(cookie: string, now: Date): BegunSignIn | undefined {
  const [, end, next] = SHAPE.exec(cookie) ?? []
  if (end === undefined || next === undefined) return undefined
  const left = Number(end) - now.getTime()
  if (left <= 0 || left > LASTS_MS) return undefined
  return {
    state: derived(cookie, 'state'),
    nonce: derived(cookie, 'nonce'),
    verifier: derived(cookie, 'verifier'),
    until: new Date(Number(end)),
    next: Buffer.from(next, 'base64url').toString(),
  }
}

const derived = (cookie: string, what: string) =>
  Buffer.from(hkdfSync('sha256', cookie, '', `coiltrail sign-in ${what}`, 32)).toString('base64url')
