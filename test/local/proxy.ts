/** One address before the apps, for local work and tests: routes by path and method, replicas in turn. */
import type { AddressInfo } from 'node:net'
import httpProxy from '@fastify/http-proxy'
import fastify from 'fastify'
import { type App, routeOf } from './routes.js'

export interface Proxy {
  readonly url: string
  close(): Promise<void>
}

/** @param replicas addresses of each app's replicas, without a slash at the end; asked at each request */
export async function startProxy(port: number, replicas: (app: App) => readonly string[]): Promise<Proxy> {
  const server = fastify({ bodyLimit: 6 * 1024 * 1024, forceCloseConnections: true })
  const turns = new Map<App, number>()
  await server.register(httpProxy, {
    upstream: '',
    // Bodies go on as they come.
    proxyPayloads: true,
    disableRequestLogging: true,
    undici: { connections: 256, bodyTimeout: 0, headersTimeout: 60_000 },
    replyOptions: {
      getUpstream(request) {
        const { app } = routeOf(request.method, pathOf(request.url))
        const all = replicas(app)
        const turn = (turns.get(app) ?? 0) + 1
        turns.set(app, turn)
        return all[turn % all.length]!
      },
      onError(reply, { error }) {
        reply.code(503).header('retry-after', '1').type('application/problem+json').send(unavailable(error))
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

const unavailable = (error: Error) => ({
  type: '/problems/part-unavailable',
  title: 'Part unavailable',
  status: 503,
  detail: `The part of Coiltrail that answers this is not there for the moment (${error.message}). Send it again, a command with the same key.`,
  rule: 'part-unavailable',
})
