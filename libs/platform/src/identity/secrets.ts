/**
 * Secrets that we make: long random words, of which only hashes are kept. With 256 random bits a plain SHA-256 cannot be
 * searched, and looking one up by its hash tells nothing by the time it takes.
 */
import { createHash, randomBytes } from 'node:crypto'

/** 43 characters: letters, digits, `-` and `_`. */
export const makeSecret = (): string => randomBytes(32).toString('base64url')
export const SECRET_SHAPE = '[A-Za-z0-9_-]{43}'
export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()

const IN_TEXT: readonly (readonly [RegExp, string])[] = [
  [/(ct_[a-z-]{1,40}_)[\w-]{43}/g, '$1…'],
  [/(\bBearer +)[^\s"',]+/gi, '$1…'],
  // JSON Web Tokens, whoever made them.
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, '…'],
  // What a session or an invitation is made of, and hashes of the same length: nobody misses them in a log.
  [/(?<![\w-])[\w-]{43}(?![\w-])/g, '…'],
  // user:password@host
  [/(:\/\/[^\s/:@]*:)[^\s/@]+(@)/g, '$1…$2'],
]

/** The text with every secret in it replaced by `…`: ours, and those of addresses and of identity providers. */
export function withoutSecrets(text: string): string {
  return IN_TEXT.reduce((left, [secret, instead]) => left.replace(secret, instead), text)
}

/** An address (path and query) that has a key in it: it would stand in every log on the way. */
export const hasKeyInside = (address: string): boolean => /ct_[a-z-]{1,40}_[\w-]{43}/.test(address)
