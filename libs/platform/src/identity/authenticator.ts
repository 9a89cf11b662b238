import { isDeepStrictEqual } from 'node:util'
import type { FastifyRequest } from 'fastify'
import { Problem } from '../problems/problem.js'
import { type ApiKeys, looksLikeKey } from './api-keys.js'
import { type Actor, type Rights, SOURCES, type Source } from './roles.js'
import { hashOf } from './secrets.js'
import type { SessionCookie } from './session-cookie.js'
import type { Sessions } from './sessions.js'

/** How long a revoked key or an ended session may still work, and an unknown one is not looked up again. */
const REMEMBERED_MS = 5_000
const MOST_REMEMBERED = 10_000

type Known = Omit<Actor, 'source'>

interface Remembered {
  readonly found: Known | undefined
  readonly until: number
}

/** Who sends this? Asks the database once in a while; every request in between costs one hash and one look-up. */
export class Authenticator {
  #remembered = new Map<string, Remembered>()

  constructor(
    private readonly keys: ApiKeys,
    private readonly sessions: Sessions,
    private readonly cookie: SessionCookie,
  ) {}

  /**
   * A key in the header `Authorization` goes before a cookie.
   * @throws Problem 401 when neither is there, or what is there is not good
   */
  async actor(request: FastifyRequest): Promise<Actor> {
    const header = request.headers.authorization
    const secret = this.cookie.of(request)
    if (header === undefined && secret === undefined) {
      throw unauthorised('not-signed-in', 'Sign in first, or send a key as "Authorization: Bearer <key>".')
    }
    const known = header === undefined ? await this.#bySession(secret!) : await this.#byKey(header)
    if (!known && header === undefined) throw unauthorised('session-over', 'This session is over: sign in again.')
    if (!known) throw unauthorised('unknown-key', 'This key is not known, or it was revoked, or its time is over.')
    return { ...known, source: sourceOf(request, known) }
  }

  /**
   * Aborts within seconds once this actor would not be let in any more, or with other rights: for an answer that goes on
   * for hours. It counts as no use of the session.
   * @param until when nobody needs to know any more
   */
  whenOver(actor: Actor, until: AbortSignal): AbortSignal {
    const over = new AbortController()
    const look = async () => {
      const now = actor.session ? await this.sessions.rights(actor.session) : await this.keys.rights(actor.id)
      if (!isDeepStrictEqual(now, rightsOf(actor))) over.abort()
    }
    // Where the database is away for a moment, the next look tells.
    const timer = setInterval(() => void look().catch(() => {}), REMEMBERED_MS)
    until.addEventListener('abort', () => clearInterval(timer), { once: true })
    return over.signal
  }

  /** Of what was looked up before: a session that ends here is not let in here again. */
  forgetAll(): void {
    // Another map: what is being looked up at this moment may be old already, and is remembered in the former one.
    this.#remembered = new Map()
  }

  async #byKey(header: string): Promise<Known | undefined> {
    const token = /^Bearer +(\S+) *$/i.exec(header)?.[1]
    if (!token || !looksLikeKey(token)) return undefined
    return this.#once(hashOf(token), async (hash) => {
      const key = await this.keys.find(hash)
      return key && { kind: 'key', ...key }
    })
  }

  async #bySession(secret: string): Promise<Known | undefined> {
    return this.#once(hashOf(secret), async (hash) => {
      const found = await this.sessions.find(hash)
      if (!found) return undefined
      const { account, ...rest } = found
      return { kind: 'person', id: account, ...rest }
    })
  }

  async #once(hash: Buffer, look: (hash: Buffer) => Promise<Known | undefined>): Promise<Known | undefined> {
    const name = hash.toString('base64')
    const remembered = this.#remembered
    const known = remembered.get(name)
    // A monotonic clock: setting the machine's time must not make a revoked key live longer.
    if (known && known.until > performance.now()) return known.found
    const found = await look(hash)
    remembered.delete(name)
    if (remembered.size >= MOST_REMEMBERED) forgetOldest(remembered)
    remembered.set(name, { found, until: performance.now() + REMEMBERED_MS })
    return found
  }
}

const rightsOf = ({ role, partner }: Rights): Rights => ({ role, ...(partner !== undefined && { partner }) })

function forgetOldest(remembered: Map<string, Remembered>): void {
  for (const name of remembered.keys()) {
    remembered.delete(name)
    return
  }
}

function unauthorised(rule: string, detail: string): Problem {
  return new Problem(401, rule, detail, { headers: { 'WWW-Authenticate': 'Bearer' } })
}

function sourceOf(request: FastifyRequest, { kind }: Known): Source {
  const given = request.headers['x-source']
  if (given === undefined) return kind === 'person' ? 'ui' : 'api'
  const source = SOURCES.find((known) => known === given)
  if (source) return source
  throw new Problem(400, 'invalid-request', `X-Source is one of ${SOURCES.join(', ')}.`, {
    errors: [{ in: 'header', pointer: '/x-source', rule: 'invalid-value', message: `one of ${SOURCES.join(', ')}` }],
  })
}
