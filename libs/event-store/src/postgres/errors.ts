/** Which errors of `pg` mean that the server was not there, and which mean that it said no. */
import pg from 'pg'
import { StoreUnavailableError } from '../event-store.js'
import { ID_ONCE } from './schema.js'

/** Only PostgreSQL's own answers carry a SQLSTATE; all else comes from the socket or the client. */
function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined
}

/** The connection broke off: if a statement was on its way, nobody knows whether it took effect. */
export function connectionBroke(error: unknown): boolean {
  const state = sqlState(error)
  if (state === undefined) return !(error instanceof TypeError || error instanceof SyntaxError)
  return (
    state.startsWith('08') || state.startsWith('57P') || /FATAL|PANIC/.test((error as pg.DatabaseError).severity ?? '')
  )
}

/** The server refused the values themselves (22: malformed, 54: too large, an id that is taken): trying again is vain. */
export function valuesRefused(error: unknown): boolean {
  return /^(22|54)/.test(sqlState(error) ?? '') || (error as pg.DatabaseError).constraint === ID_ONCE
}

/** Gone or overloaded for now (53: no memory, disk or connections left; 55P03, 57014: waited too long). */
export function mayPass(error: unknown): boolean {
  return connectionBroke(error) || /^(53|55P03|57014|40)/.test(sqlState(error) ?? '')
}

export function unavailable(what: string, cause: unknown): StoreUnavailableError {
  return new StoreUnavailableError(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
}
