import type { FastifyReply } from 'fastify'

/** The revision as commands take it in `If-Match`. */
export function tell<Thing extends { readonly revision: number }>(reply: FastifyReply, thing: Thing): Thing {
  reply.header('ETag', `"${thing.revision}"`)
  return thing
}
