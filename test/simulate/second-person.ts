import { randomUUID } from 'node:crypto'

const PASSWORD = 'four eyes see more than two'
/** Answers that are lost on the way leave accounts behind that nobody can sign in to. */
const MOST_TRIES = 20

/** How an address is asked, until somebody answers. */
export type Ask = (path: string, body: object) => Promise<{ status: number; headers: Headers; body: unknown }>

/**
 * A person who signs in, as only people approve: an account opened by the administrator's key, whose invitation is
 * accepted. When the server is killed in between, what became of that is not known: then it is another person.
 * @returns the session's cookie
 */
export async function signedInAs(role: string, ask: Ask): Promise<string> {
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    const opened = await ask('/api/accounts', { name: `Radu Ionescu ${randomUUID().slice(0, 8)}`, role })
    if (opened.status === 422) continue
    if (opened.status !== 201) throw new Error(`no account could be opened: ${JSON.stringify(opened.body)}`)
    const { invitation } = opened.body as { invitation: string }
    const accepted = await ask('/api/session/invitation', { invitation, password: PASSWORD })
    const cookie = accepted.headers.getSetCookie()[0]?.split(';')[0]
    if (accepted.status === 201 && cookie) return cookie
    if (accepted.status !== 422) throw new Error(`an invitation was not taken: ${JSON.stringify(accepted.body)}`)
  }
  throw new Error(`nobody could sign in as ${role}`)
}
