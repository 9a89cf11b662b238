/** An app as it answers HTTP, whether it then listens (boot) or is asked directly (tests). */
import { randomUUID } from 'node:crypto'
import cookie from '@fastify/cookie'
import type { LoggerService, Type } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../clock.js'
import type { Config } from '../config.js'
import { platformModule } from '../platform.module.js'
import { answerProblem } from '../problems/problem.filter.js'
import { describeApi } from './openapi.js'
import { RateLimits } from './rate-limits.js'
import { requireNoKeyInAddress, securityHeaders } from './security-headers.js'
import { endUnusedConnectionsAtEnd } from './unused-connections.js'

const BODY_LIMIT_BYTES = 5 * 1024 * 1024
/** Longest time a request may take to arrive: a slow sender must not hold a connection for ever. */
const REQUEST_TIMEOUT_MS = 60_000

export interface AppSettings {
  readonly config: Config
  /** Connection string of a PostgreSQL that runs. */
  readonly databaseUrl: string
  readonly logger?: LoggerService | false
  /** The machine's own when left out. */
  readonly clock?: Clock
}

export async function createApp(module: Type, { config, databaseUrl, logger, clock }: AppSettings) {
  const secure = securityHeaders(config)
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: config.TRUSTED_PROXIES ?? false,
    genReqId: correlationId,
    // An address that cannot be decoded never reaches Nest and its filter.
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      secure(request, reply)
      answerProblem(error, request, reply)
    },
    routerOptions: { maxParamLength: 200 },
    multipart: { limits: { fileSize: BODY_LIMIT_BYTES, files: 1, fields: 20, fieldSize: 10_000, parts: 21 } },
  })
  const root = { module: class CoiltrailModule {}, imports: [platformModule(config, databaseUrl, clock), module] }
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    abortOnError: false,
    bodyParser: false,
    ...(logger !== undefined && { logger }),
  })
  app.setGlobalPrefix('api')
  // As bytes: a packing list may come in the encoding of whatever wrote it.
  app.useBodyParser('text/csv', { bodyLimit: BODY_LIMIT_BYTES })
  const fastify = adapter.getInstance()
  // JSON is left, and what a packing list comes in.
  fastify.removeContentTypeParser('text/plain')
  await app.register(cookie)
  // First, so that whoever asked too much is told with them as well.
  fastify.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    secure(request, reply)
    requireNoKeyInAddress(request)
  })
  await app.get(RateLimits).guard(app)
  endUnusedConnectionsAtEnd(app)
  fastify.get('/', (_request: FastifyRequest, reply: FastifyReply) => reply.redirect('/api/docs', 302))
  describeApi(app)
  return app
}

/** The caller's own, if it is a plain one, so that a request can be followed from the tablet to the event. */
function correlationId(request: { headers: Record<string, string | string[] | undefined> }): string {
  const given = request.headers['x-correlation-id']
  return typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : randomUUID()
}
