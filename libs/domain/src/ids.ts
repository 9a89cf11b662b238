const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const MASK = (1n << 64n) - 1n

/**
 * A number for a thing that the client gave none: always the same one for the same command, so that a retry makes
 * nothing twice. Twelve of Crockford's base-32 letters (no I, L, O, U) from a 64-bit FNV-1a hash. Should two commands
 * ever make the same one, the second is refused because the number is taken.
 */
export function numberFrom(prefix: string, commandId: string): string {
  let hash = 0xcbf29ce484222325n
  for (const character of commandId) hash = ((hash ^ BigInt(character.codePointAt(0)!)) * 0x100000001b3n) & MASK
  const letters = Array.from({ length: 12 }, (_, i) => LETTERS[Number((hash >> BigInt(4 + 5 * i)) & 31n)])
  return `${prefix}-${letters.join('')}`
}
