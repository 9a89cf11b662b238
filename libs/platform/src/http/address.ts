import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'

/**
 * IP address of whoever asks, as far as trusted proxies tell. Where one passes on what is no address, its own counts: what
 * is made up is neither recorded nor counted as somebody.
 */
export function addressOf({ ip, socket }: Pick<FastifyRequest, 'ip' | 'socket'>): string {
  return isIP(ip) ? ip : socket.remoteAddress!
}
