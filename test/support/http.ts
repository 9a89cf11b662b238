/** HTTP as a client of Coiltrail speaks it: a role's token, an Idempotency-Key on every write, JSON both ways. */
import { randomUUID } from 'node:crypto'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import type { Role } from '#platform/identity/roles'

export interface CallOptions {
  /** Whose token is sent; that of the administrator when left out, none at all for null. */
  readonly as?: Role | null
  /** Idempotency-Key; a new one for every write when left out, none for null. */
  readonly key?: string | null
  readonly headers?: Readonly<Record<string, string>>
}

export interface Answer<Body> {
  readonly status: number
  readonly headers: Headers
  /** Parsed when it is JSON, text otherwise. */
  readonly body: Body
}

/** Shape of a body that a test has not named. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads answers as a client without types would.
type Untyped = any

export interface TestHttp {
  get<Body = Untyped>(path: string, options?: CallOptions): Promise<Answer<Body>>
  /** Objects go as JSON; strings and bytes as they are, with the Content-Type from `headers`; FormData as multipart. */
  post<Body = Untyped>(path: string, body?: unknown, options?: CallOptions): Promise<Answer<Body>>
  put<Body = Untyped>(path: string, body?: unknown, options?: CallOptions): Promise<Answer<Body>>
  delete<Body = Untyped>(path: string, options?: CallOptions): Promise<Answer<Body>>
}

export function httpClient(url: string, token: (role: Role) => string): TestHttp {
  const call = async (method: string, path: string, body: unknown, options: CallOptions = {}) => {
    const { as = 'administrator', key = method === 'GET' ? null : randomUUID(), headers } = options
    const raw = typeof body === 'string' || body instanceof Uint8Array || body instanceof FormData
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(as && { authorization: `Bearer ${token(as)}` }),
        ...(key && { 'idempotency-key': key }),
        ...(body !== undefined && !raw && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: raw ? (body as string | FormData) : JSON.stringify(body) }),
    })
    const text = await response.text()
    const json = /[/+]json\b/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, headers: response.headers, body: json && text ? JSON.parse(text) : text }
  }
  return {
    get: (path, options) => call('GET', path, undefined, options),
    post: (path, body, options) => call('POST', path, body, options),
    put: (path, body, options) => call('PUT', path, body, options),
    delete: (path, options) => call('DELETE', path, undefined, options),
  }
}

/** Of an app that listens on 127.0.0.1. */
export const addressOf = (app: NestFastifyApplication) =>
  `http://127.0.0.1:${(app.getHttpServer().address() as { port: number }).port}`
