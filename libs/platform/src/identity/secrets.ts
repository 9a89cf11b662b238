/**
 * Secrets that we make: long random words, of which only hashes are kept. With 256 random bits a plain SHA-256 cannot be
 * searched, and looking one up by its hash tells nothing by the time it takes.
 */
import { createHash, randomBytes } from 'node:crypto'

/** 43 characters: letters, digits, `-` and `_`. */
export const makeSecret = (): string => randomBytes(32).toString('base64url')
export const SECRET_SHAPE = '[A-Za-z0-9_-]{43}'
export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()
