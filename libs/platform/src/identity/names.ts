import type { DatabaseError } from 'pg'
import { Problem } from '../problems/problem.js'

/** Of an insert: somebody, or a key in use, has this name. Names are told apart without regard to capitals. */
export const isNameTaken = (error: unknown): boolean =>
  ['api_key_name_once', 'account_name_once'].includes((error as DatabaseError).constraint ?? '')

export function nameTaken(thing: 'key' | 'account', name: string): Problem {
  const message = `there is ${thing === 'key' ? 'a key in use' : 'an account'} named ${name} already`
  return new Problem(422, 'name-taken', message, {
    values: { name },
    errors: [{ pointer: '/name', rule: 'name-taken', message, value: name }],
  })
}
