import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import { Inject, Injectable } from '@nestjs/common'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { CONFIG, type Config } from '../config.js'
import { whoAsks } from '../identity/allow.js'
import { Problem } from '../problems/problem.js'
import { addressOf } from './address.js'

type Limiter = ReturnType<FastifyInstance['createRateLimit']>

const WINDOW_MS = 60_000
/** Whoever fails to come in so often within a minute, by whatever names, is guessing. */
const GUESSES_PER_ADDRESS = 60
/** Addresses and keys that are counted at once; those not heard of for longest are forgotten first. */
const MOST_COUNTED = 20_000

/**
 * How much one may ask in a minute: of every address, of every key or session, and of failed attempts to come in. Counted
 * by each process for itself.
 */
@Injectable()
export class RateLimits {
  #ofActor: Limiter | undefined
  #guesses: Limiter | undefined
  readonly #tries = new WeakSet<FastifyRequest>()

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** Before routes are made. */
  async guard(app: NestFastifyApplication): Promise<void> {
    const { REQUESTS_PER_ADDRESS, REQUESTS_PER_KEY } = this.config
    const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance
    await app.register(rateLimit, {
      global: false,
      timeWindow: WINDOW_MS,
      cache: MOST_COUNTED,
      keyGenerator: byAddress,
    })
    const ofAddress = fastify.createRateLimit({ max: REQUESTS_PER_ADDRESS })
    this.#guesses = fastify.createRateLimit({ max: GUESSES_PER_ADDRESS })
    this.#ofActor = fastify.createRateLimit({
      max: REQUESTS_PER_KEY,
      keyGenerator: (request) => {
        const { actor } = whoAsks(request)!
        return actor.session ?? actor.id
      },
    })
    fastify.addHook('onRequest', async (request) => requireWithin(await ofAddress(request), 'this address'))
    fastify.addHook('onResponse', async (request, { statusCode }) => {
      if (statusCode === 401 && this.#tries.has(request)) await this.#guesses!(request)
    })
  }

  /** @throws Problem 429 when the actor of this request has asked too much */
  async requireModestActor(request: FastifyRequest): Promise<void> {
    requireWithin(await this.#ofActor!(request), whoAsks(request)!.actor.kind === 'key' ? 'this key' : 'this session')
  }

  /**
   * Of a request by which somebody tries to come in. Only these count when they fail: a tablet that goes on asking after its
   * session is over shuts the door to nobody.
   * @throws Problem 429 when too many have failed from where this one comes from
   */
  async requireNoGuessing(request: FastifyRequest): Promise<void> {
    this.#tries.add(request)
    requireWithin(await this.#guesses!(request, { increment: false }), 'this address')
  }
}

/** One household has 2^64 addresses of IPv6. */
const byAddress = (request: FastifyRequest) => normalizeIP(addressOf(request), 64)

function requireWithin(limit: Awaited<ReturnType<Limiter>>, whose: string): void {
  if (limit.isAllowed || !limit.isExceeded) return
  const seconds = Math.max(1, limit.ttlInSeconds)
  throw new Problem(
    429,
    'too-many-requests',
    `There were more than ${limit.max} requests of ${whose} in a minute. Try again in ${seconds} seconds.`,
    { values: { most: limit.max, seconds }, headers: { 'Retry-After': String(seconds) } },
  )
}
