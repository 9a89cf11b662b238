const TEXT_OID = 25
const HEADER = 20

/**
 * A list of texts in PostgreSQL's binary array format (array_recv): nothing to escape here nor to unescape there,
 * which JSON, being full of quotes, pays for dearly. Measured: a fifth more appends at 100 in flight.
 */
export function textArray(texts: readonly string[]): Buffer {
  const lengths = texts.map((text) => Buffer.byteLength(text))
  const buffer = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + 4 + length, HEADER))
  buffer.writeInt32BE(1, 0) // dimensions
  buffer.writeInt32BE(0, 4) // no nulls
  buffer.writeInt32BE(TEXT_OID, 8)
  buffer.writeInt32BE(texts.length, 12)
  buffer.writeInt32BE(1, 16) // index of the first
  let at = HEADER
  for (const [i, text] of texts.entries()) {
    at = buffer.writeInt32BE(lengths[i]!, at)
    at += buffer.write(text, at)
  }
  return buffer
}

/** Numbers and UUIDs need no escaping; null stays null. */
export function plainArray(values: readonly (number | string | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`
}
