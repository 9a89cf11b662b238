/** One address before the apps, for local work and tests: routes by path and method, replicas in turn. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { AddressInfo } from 'node:net'
import httpProxy from '@fastify/http-proxy'
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import { type Problem, tryLater } from '#platform/problems/problem'
import { answerProblem } from '#platform/problems/problem.filter'
import { type App, routeOf } from './routes.js'

/** Longest silence of an app before, or within, an answer; a stream of changes says something every 15 s. */
const PATIENCE_MS = 60_000

export interface Proxy {
  readonly url: string
  close(): Promise<void>
}

/** @param replicas addresses of each app's replicas, without a slash at the end; asked at each request */
export async function startProxy(port: number, replicas: (app: App) => readonly string[]): Promise<Proxy> {
  const server = fastify({ forceCloseConnections: true, frameworkErrors: answerProblem })
  server.setErrorHandler(answerProblem)
  server.setNotFoundHandler((request, reply) => answerProblem({ statusCode: 404 }, request, reply))
  const turns = new Map<App, number>()
  const gone = new AsyncLocalStorage<AbortSignal>()
  await server.register(httpProxy, {
    upstream: '',
    // Bodies go on as they come; how long they may be is for the apps to say.
    proxyPayloads: true,
    disableRequestLogging: true,
    http: {
      agentOptions: { keepAlive: true, maxSockets: 256 },
      requestOptions: {
        timeout: PATIENCE_MS,
        // Asked for at each request: the options have no other way to give up one whose client went away.
        get signal() {
          return gone.getStore()
        },
      },
    },
    handler: (_, reply, destination, options) =>
      gone.run(clientGone(reply), () => reply.from(destination, options) as unknown),
    replyOptions: {
      getUpstream(request) {
        const { app } = routeOf(request.method, pathOf(request.url))
        const all = replicas(app)
        if (all.length === 0) throw unavailable(`no ${app} runs`)
        const turn = (turns.get(app) ?? 0) + 1
        turns.set(app, turn)
        return all[turn % all.length]!
      },
      onError(reply, { error }) {
        answerProblem(unavailable(error.message), reply.request as FastifyRequest, reply as FastifyReply)
      },
    },
    preRewrite: (url) => {
      const at = url.indexOf('?')
      const query = at < 0 ? '' : url.slice(at)
      return routeOf('GET', pathOf(url)).path + query
    },
  })
  await server.listen({ port, host: '127.0.0.1' })
  return {
    url: `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    close: () => server.close(),
  }
}

const pathOf = (url: string) => url.split('?')[0]!

function clientGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort()
  })
  return gone.signal
}

function unavailable(why: string): Problem {
  return tryLater(
    'part-unavailable',
    `The part of Coiltrail that answers this is not there for the moment (${why}). Send it again, a command with the same key.`,
    1,
  )
}
