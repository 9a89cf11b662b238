import type { Actor } from '#platform/identity/roles'
import { Problem } from '#platform/problems/problem'

/** @throws Problem 422 `not-a-person` for a key: it has neither sessions nor a password */
export function requirePerson(actor: Actor): Actor {
  if (actor.kind === 'person') return actor
  const detail = `This is for people who signed in; ${actor.name} is a key, which has neither sessions nor a password.`
  throw new Problem(422, 'not-a-person', detail, { values: { key: actor.name } })
}
