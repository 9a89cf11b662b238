import type { FastifyRequest } from 'fastify'
import { Problem } from '../problems/problem.js'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Changes nothing, by the method it is asked with. */
export const isSafe = ({ method }: FastifyRequest): boolean => SAFE.has(method)

/**
 * Refuses what another site has a browser send in the name of somebody who is signed in here (CSRF). Browsers say where
 * a request comes from by `Sec-Fetch-Site`, and on plain HTTP by `Origin`; programs say neither, and have no cookie
 * that they did not ask for.
 * @param publicUrl where browsers reach Coiltrail, if that was told; the address that they asked for otherwise
 */
export function requireSameOrigin(request: FastifyRequest, publicUrl: string | undefined): void {
  if (isSafe(request)) return
  const site = request.headers['sec-fetch-site']
  const { origin } = request.headers
  const isOurs =
    site !== undefined
      ? site === 'same-origin' || site === 'none'
      : origin === undefined || isOrigin(origin, request, publicUrl)
  if (isOurs) return
  throw new Problem(403, 'cross-site-request', 'This came from a page of another site, and is not done.', {
    values: { ...(origin !== undefined && { origin }) },
  })
}

function isOrigin(origin: string, request: FastifyRequest, publicUrl: string | undefined): boolean {
  if (!URL.canParse(origin)) return false
  if (publicUrl !== undefined && new URL(publicUrl).origin === origin) return true
  return new URL(origin).host === request.headers.host
}
