/** Where a browser comes back to from the provider, and goes on to from there: never to anybody else's place. */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Problem } from '#platform/problems/problem'
import { isLoopback } from '#platform/provider-settings'

export const PROVIDER_PATH = '/api/session/provider'
const HERE = 'http://here.invalid'

/** A path of ours, as browsers understand it: they take `\` for `/`, leave out tabs, and follow dots. */
export const nextPath = z
  .string()
  .max(1_000, 'this has at most 1000 characters')
  .transform((text) => (text.startsWith('/') ? pathHere(text) : undefined))
  .pipe(z.string('this must be a path of Coiltrail, such as /stock'))
  .default('/')

function pathHere(text: string): string | undefined {
  if (!URL.canParse(text, HERE)) return undefined
  const { origin, pathname, search, hash } = new URL(text, HERE)
  // `/.//elsewhere` is a path of ours, that without its dots is an address of somebody else.
  return origin === HERE && !pathname.startsWith('//') ? pathname + search + hash : undefined
}

/**
 * The address that the provider knows as ours.
 * @throws Problem 409 `public-url-not-set` when a browser of another machine came by an address that we were not told
 */
export function callbackAddress(publicUrl: string | undefined, request: FastifyRequest): string {
  if (publicUrl !== undefined) return `${publicUrl}${PROVIDER_PATH}/callback`
  const asked = `http://${request.headers.host}`
  if (URL.canParse(asked) && isLoopback(new URL(asked).hostname))
    return `${new URL(asked).origin}${PROVIDER_PATH}/callback`
  throw new Problem(
    409,
    'public-url-not-set',
    'Coiltrail was not told by which address browsers reach it: set PUBLIC_URL to sign in from other machines.',
  )
}

/**
 * Goes on by itself, and is itself the reason why it goes: a redirect would count as the provider's, and browsers keep
 * a SameSite=Strict cookie from whatever another site leads to. Without script, as the Content-Security-Policy wants it.
 */
export function pageThatGoesOn(next: string): string {
  const to = next.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Signed in</title>
<meta http-equiv="refresh" content="0;url=${to}"><p><a href="${to}">You are signed in: go on</a></p></html>`
}
