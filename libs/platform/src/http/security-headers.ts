import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../config.js'
import { hasKeyInside } from '../identity/secrets.js'
import { Problem } from '../problems/problem.js'

const NOTHING = "default-src 'none'; frame-ancestors 'none'"
/** Swagger UI styles itself inline and draws its icons from data: addresses; everything it loads is ours. */
const DOCS =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
const YEAR_SECONDS = 31_536_000

/**
 * What browsers are told with every answer: nothing is loaded from, framed by, opened by or told to another site. A page
 * may say more precisely what it needs. No other site is let in (there is no CORS): Coiltrail's own pages are of its origin.
 */
export function securityHeaders({ PUBLIC_URL }: Config) {
  const always = {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'x-frame-options': 'DENY',
    ...(PUBLIC_URL?.startsWith('https:') && { 'strict-transport-security': `max-age=${YEAR_SECONDS}` }),
  }
  return (request: FastifyRequest, reply: FastifyReply): void => {
    reply.headers({
      ...always,
      'x-correlation-id': request.id,
      'content-security-policy': request.url.startsWith('/api/docs') ? DOCS : NOTHING,
    })
  }
}

/** @throws Problem 400 `key-in-address`: a key in an address stands in every log on the way */
export function requireNoKeyInAddress({ url }: FastifyRequest): void {
  if (!hasKeyInside(url)) return
  throw new Problem(
    400,
    'key-in-address',
    'A key stands in the address, where logs keep it: send it in the header Authorization, and have it replaced.',
  )
}
