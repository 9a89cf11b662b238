/** People who signed in, beside the keys that a test app has. */
import { randomUUID } from 'node:crypto'
import type { Role } from '#platform/identity/roles'
import { type CallOptions, httpClient, type TestHttp } from './http.js'

export const PASSWORD = 'seven coils on one skid'

export interface Person {
  readonly name: string
  /** Id of their account. */
  readonly account: string
  /** As a browser would send it: `name=value`. */
  readonly cookie: string
  readonly http: TestHttp
}

/** Where an app answers, and its keys by role. */
export interface Place {
  readonly url: string
  token(role: Role): string
}

/** Opens an account by the administrator's key, chooses `PASSWORD` by the invitation, and is signed in. */
export async function personOf(place: Place, role: Role, partner?: string): Promise<Person> {
  const http = httpClient(place.url, place.token)
  const name = `${role} ${randomUUID().slice(0, 8)}`
  const opened = await http.post('/api/accounts', { name, role, ...(partner && { partner }) })
  if (opened.status !== 201) throw new Error(`no account was opened: ${JSON.stringify(opened.body)}`)
  const { account, invitation } = opened.body
  const accepted = await http.post('/api/session/invitation', { invitation, password: PASSWORD }, { as: null })
  if (accepted.status !== 201) throw new Error(`the invitation was not taken: ${JSON.stringify(accepted.body)}`)
  const cookie = cookieOf(accepted.headers)
  return { name, account, cookie, http: httpWith(place.url, cookie) }
}

/** The cookie that an answer gives. */
export const cookieOf = (headers: Headers): string => headers.getSetCookie()[0]?.split(';')[0] ?? ''

/** Asks with this cookie, and with no key. */
export function httpWith(url: string, cookie: string): TestHttp {
  const http = httpClient(url, () => '')
  const own = (options?: CallOptions): CallOptions => ({
    as: null,
    ...options,
    headers: { cookie, ...options?.headers },
  })
  return {
    get: (path, options) => http.get(path, own(options)),
    post: (path, body, options) => http.post(path, body, own(options)),
    put: (path, body, options) => http.put(path, body, own(options)),
    delete: (path, options) => http.delete(path, own(options)),
  }
}
