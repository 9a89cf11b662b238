import type { FastifyReply, FastifyRequest } from 'fastify'
import { SECRET_SHAPE } from './secrets.js'
import { LONGEST_DAYS } from './sessions.js'

const SHAPE = new RegExp(`^${SECRET_SHAPE}$`)

/**
 * The cookie of a session: no script can read it, no other site can have it sent. Where Coiltrail is reached by HTTPS
 * it goes by nothing else, and its name binds it to this host.
 */
export class SessionCookie {
  private readonly secure: boolean
  readonly name: string

  /** @param publicUrl where browsers reach Coiltrail, if that was told */
  constructor(publicUrl: string | undefined) {
    this.secure = publicUrl?.startsWith('https:') ?? false
    this.name = this.secure ? '__Host-coiltrail' : 'coiltrail'
  }

  /** The secret that the request brings, if it looks like one. */
  of(request: FastifyRequest): string | undefined {
    const value = request.cookies[this.name]
    return value !== undefined && SHAPE.test(value) ? value : undefined
  }

  give(reply: FastifyReply, secret: string): void {
    reply.setCookie(this.name, secret, { ...this.#attributes, maxAge: LONGEST_DAYS * 24 * 60 * 60 })
  }

  takeBack(reply: FastifyReply): void {
    reply.clearCookie(this.name, this.#attributes)
  }

  get #attributes() {
    return { path: '/', httpOnly: true, sameSite: 'strict', secure: this.secure } as const
  }
}
