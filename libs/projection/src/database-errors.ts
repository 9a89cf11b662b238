import { DatabaseError } from 'pg'

/** The rows themselves are at fault (a value out of range, an index entry too long): trying again changes nothing. */
export function isRefusedByDatabase(error: unknown): boolean {
  return error instanceof DatabaseError && /^(22|23|54)/.test(error.code ?? '')
}

/** Its tables are gone: another build went live and this one was dropped. */
export function isGone(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '42P01'
}

/** Somebody holds a lock that is needed: later it works. */
export function isLockedOut(error: unknown): boolean {
  return error instanceof DatabaseError && (error.code === '55P03' || error.code === '40P01')
}
