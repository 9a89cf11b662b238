/** A second person for what one may not do alone. */
import type { Answer, CallOptions } from './http.js'
import type { Person } from './people.js'

/** Approves what was answered with 202. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads answers as a client without types would.
export function approve(person: Person, asked: Answer<unknown>, options?: CallOptions): Promise<Answer<any>> {
  const location = asked.headers.get('location')
  if (asked.status !== 202 || !location) {
    throw new Error(`nobody was asked to approve: ${asked.status} ${JSON.stringify(asked.body)}`)
  }
  return person.http.post(`${location}/approve`, {}, options)
}
